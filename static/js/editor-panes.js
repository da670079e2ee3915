// Beside the text: the preview, the settings, or nothing. On a narrow screen a pane takes the place of the text.
const root = document.documentElement;
const buttons = [...document.querySelectorAll(".panes [data-pane]")];

const show = (pane) => {
  root.dataset.pane = pane;
  for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.pane === pane);
  document.dispatchEvent(new CustomEvent("pane-shown", { detail: pane }));
};

const choose = (pane) => {
  show(pane);
  try { localStorage.setItem("editor-pane", pane); } catch { /* it lasts as long as the page */ }
};

if (buttons.length) {
  buttons[0].parentElement.hidden = false;
  for (const button of buttons) {
    button.addEventListener("click", () => choose(root.dataset.pane === button.dataset.pane ? "none" : button.dataset.pane));
  }
  // A fault among the settings must be in sight, and so must whatever a link leads to.
  const faulty = document.querySelector(".settings .has-error");
  show(faulty ? "settings" : root.dataset.pane);
  document.querySelector(".refusal")?.addEventListener("click", (event) => {
    const target = document.querySelector(event.target.closest("a")?.hash || ":not(*)");
    if (!target) return;
    if (target.closest(".settings")) show("settings");
    target.closest("details")?.setAttribute("open", "");
    (target.nextElementSibling?.querySelector(".select2-selection") ?? target).focus();
    event.preventDefault();
  });
  document.querySelector(".refusal")?.focus();
}
