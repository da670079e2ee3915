// The moderator's queue by keyboard, and without a new page for each verb. Every verb is a button that works by itself.
const KEYS_OFF = "comment-queue-keys-off";
const main = document.querySelector("main");
const status = document.createElement("p");
status.setAttribute("role", "status");
status.className = "visually-hidden";
document.body.append(status);

const all = (selector) => [...main.querySelectorAll(selector)];
const cards = () => all("[data-card]");
const current = () => main.querySelector("[data-card][aria-current]");

// Where the browser keeps nothing for us, the choice lasts as long as the page.
let keysOff = false;
try { keysOff = Boolean(localStorage.getItem(KEYS_OFF)); } catch { /* as above */ }

const choose = (card) => {
  for (const other of cards()) {
    other.toggleAttribute("aria-current", other === card);
    if (other === card) other.setAttribute("aria-current", "true");
    other.tabIndex = other === card ? 0 : -1;
  }
};

const go = (card) => {
  if (!card) return;
  card.focus({preventScroll: true});
  card.scrollIntoView({block: "nearest"});
};

const step = (by) => {
  const list = cards();
  const here = list.indexOf(current());
  go(list[Math.min(Math.max(here + by, 0), list.length - 1)]);
};

const countTicked = () => {
  const ticks = all(".tick");
  const number = ticks.filter((tick) => tick.checked).length;
  const toggle = main.querySelector("[data-tick-all] input");
  if (!toggle) return;
  main.querySelector("[data-ticked]").textContent = number;
  toggle.checked = number > 0 && number === ticks.length;
  toggle.indeterminate = number > 0 && number < ticks.length;
  for (const card of cards()) card.classList.toggle("ticked", Boolean(card.querySelector(".tick")?.checked));
};

const prepare = () => {
  for (const hidden of all("[data-help], [data-tick-all]")) hidden.hidden = false;
  const toggle = main.querySelector("[data-keys-on]");
  if (toggle) toggle.checked = !keysOff;
  const [first] = cards();
  if (first && !current()) first.tabIndex = 0;
  countTicked();
};

// What was typed or ticked elsewhere in the list outlives the answer to a verb.
const keepWork = (before, after) => {
  for (const old of before.querySelectorAll("textarea[id], .tick:checked")) {
    const now = after.querySelector(`#${old.id}`);
    if (!now) continue;
    if (old.matches(".tick")) now.checked = true;
    else if (old.value) {
      now.value = old.value;
      now.closest("details").open = true;
    }
  }
};

// The number beside the name of the list, in the bar at the side: as many wait as the answer says.
const keepCount = (whole) => {
  const name = "#nav-sidebar .model-comment th a";
  document.querySelector(name)?.replaceChildren(...whole.querySelector(name)?.childNodes ?? []);
};

// After a verb the next comment is at hand; after an undo the one that came back.
const show = (page, whole, acted, leaves) => {
  const known = new Set(cards().map((card) => card.id));
  const place = Math.max(cards().indexOf(acted), 0);
  keepWork(main, page);
  main.replaceChildren(...page.childNodes);
  keepCount(whole);
  prepare();
  const back = leaves ? null : cards().find((card) => !known.has(card.id));
  go(back || cards()[Math.min(place, cards().length - 1)] || main.querySelector("[data-empty]"));
  status.textContent = all(".messagelist li").map((item) => item.firstChild.textContent.trim()).join(" ");
};

const send = async (form, button) => {
  const data = new FormData(form, button);
  const acted = (button.closest("[data-card]") || current());
  form.setAttribute("aria-busy", "true");
  // A button of the form is called "action", and hides the property.
  const answer = await fetch(form.getAttribute("action") || location.href, {method: "POST", body: data});
  const whole = new DOMParser().parseFromString(await answer.text(), "text/html");
  const page = whole.querySelector("main");
  if (!answer.ok || !answer.redirected || !page?.querySelector(".queue-page")) throw new Error("no queue");
  if (form.matches("[data-reply]")) form.querySelector("textarea").value = "";
  show(page, whole, acted, button.name !== "steps");
};

document.addEventListener("submit", (event) => {
  const {target: form, submitter: button} = event;
  if (form.method !== "post" || !(form.matches("#changelist-form, #undo-form, [data-reply]"))) return;
  if (!button || button.value.startsWith("purge")) return;
  event.preventDefault();
  if (form.hasAttribute("aria-busy") || form.id === "changelist-form" && !button.name) return;
  // A question, a refusal, a login: the browser shows whatever it is.
  send(form, button).catch(() => {
    const sent = document.createElement("input");
    Object.assign(sent, {type: "hidden", name: button.name, value: button.value});
    if (button.name) form.append(sent);
    form.submit();
  }).finally(() => form.removeAttribute("aria-busy"));
});

const openReply = (summary) => {
  const box = summary.closest("details");
  box.open = true;
  box.querySelector("textarea").focus();
};

// Where none is at hand yet, a letter brings up the first comment, and does nothing to what may be out of sight.
const press = (key) => {
  const card = current() ?? cards()[0];
  const button = card?.querySelector(`[data-key="${key}"]`);
  if (button && card !== current()) go(card);
  else if (key === "r" && button) openReply(button);
  else button?.click();
  return Boolean(button);
};

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  u: () => document.querySelector("[name=steps]")?.click(),
  x: () => current()?.querySelector(".tick")?.click(),
  "?": () => main.querySelector("[data-keys]").showModal(),
};

document.addEventListener("keydown", (event) => {
  const {key, target} = event;
  if (key === "Escape" && target.matches("[data-reply] textarea")) {
    const card = target.closest("[data-card]");
    target.closest("details").open = false;
    go(card);
  }
  if (keysOff || event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(key)) return;
  if (target.closest("dialog") || target.matches("textarea, select, input:not([type=checkbox])")) return;
  if (target !== document.body && !main.contains(target)) return;
  if (Object.hasOwn(ACTS, key)) ACTS[key]();
  else if (!/^[a-z]$/.test(key) || !press(key)) return;
  event.preventDefault();
});

main.addEventListener("focusin", ({target}) => {
  const card = target.closest("[data-card]");
  if (card) choose(card);
});

main.addEventListener("toggle", ({target}) => {
  if (target.matches("details.reply") && target.open) target.querySelector("textarea").focus();
}, true);

main.addEventListener("change", ({target}) => {
  if (target.closest("[data-tick-all]")) for (const tick of all(".tick")) tick.checked = target.checked;
  if (target.matches("[data-keys-on]")) {
    keysOff = !target.checked;
    try { keysOff ? localStorage.setItem(KEYS_OFF, "1") : localStorage.removeItem(KEYS_OFF); } catch { /* as above */ }
  }
  countTicked();
});

main.addEventListener("click", ({target}) => {
  if (target.closest("[data-help]")) main.querySelector("[data-keys]").showModal();
});

prepare();
