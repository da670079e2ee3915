// Finds while one types: each search box becomes a combobox, with a list that the server writes.
// Keys and roles: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
// theme.js imports this module when somebody first goes to a search box, so that no page waits for it.
const PAUSE = 200;
const SHORTEST = 2;
const OPTION = "id-search-option";

const answers = new Map();

const ask = async (address, signal) => {
  if (!answers.has(address)) {
    const response = await fetch(address, { signal });
    if (!response.ok) return "";
    answers.set(address, await response.text());
  }
  return answers.get(address);
};

const asked = (input) => input.value.trim().replace(/\s+/g, " ");

// As a link would be followed, in a new tab too if the keys say so.
const follow = (address, event) => {
  const { ctrlKey, metaKey, shiftKey } = event;
  Object.assign(document.createElement("a"), { href: address })
    .dispatchEvent(new MouseEvent("click", { ctrlKey, metaKey, shiftKey, cancelable: true }));
};

class Combobox {
  constructor(form) {
    this.form = form;
    this.input = form.elements.q;
    this.list = document.createElement("div");
    this.status = document.createElement("p");
    this.popup = document.createElement("div");
    this.status.setAttribute("role", "status");
    this.popup.className = "instant";
    this.popup.append(this.status, this.list);
    form.append(this.popup);

    // A search field takes no role but its own; with this hint telephones still show the key to search.
    this.input.type = "text";
    this.input.enterKeyHint = "search";
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"]]) this.input.setAttribute(name, value);

    this.input.addEventListener("input", () => this.wait());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) follow(option.dataset.address, event);
    });
    form.addEventListener("focusout", ({ relatedTarget }) => { if (!form.contains(relatedTarget)) this.close(); });
    // What was typed while this module was on its way.
    if (document.activeElement === this.input && this.input.value !== this.input.defaultValue) this.wait();
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get active() {
    return this.list.querySelector("[aria-selected=true]");
  }

  wait() {
    clearTimeout(this.timer);
    this.request?.abort();
    if (asked(this.input).length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.look(), PAUSE);
    return undefined;
  }

  async look() {
    this.request = new AbortController();
    const { signal } = this.request;
    const address = `${this.form.dataset.instant}?${new URLSearchParams({ q: asked(this.input) })}`;
    const answer = await ask(address, signal).catch(() => "");
    if (!signal.aborted && document.activeElement === this.input) this.show(answer);
  }

  show(answer) {
    const found = new DOMParser().parseFromString(answer, "text/html").body;
    const listbox = found.querySelector("[role=listbox]");
    this.list.replaceChildren(...(listbox ? [listbox] : []));
    this.status.textContent = found.querySelector("p")?.textContent ?? "";
    this.options.forEach((option, number) => { option.id = `${OPTION}-${number}`; });
    this.expand(listbox);
  }

  expand(listbox) {
    this.input.setAttribute("aria-expanded", String(Boolean(listbox)));
    this.mark(null);
    if (!listbox) return this.input.removeAttribute("aria-controls");
    listbox.id = `${OPTION}s`;
    return this.input.setAttribute("aria-controls", listbox.id);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.show("");
  }

  mark(option) {
    this.active?.setAttribute("aria-selected", "false");
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    return this.input.setAttribute("aria-activedescendant", option.id);
  }

  // From the field to the first option, from the last back to the field, and the other way round.
  move(step) {
    const stops = [null, ...this.options];
    this.mark(stops.at((stops.indexOf(this.active) + step) % stops.length));
  }

  press(event) {
    if (event.isComposing) return;
    const { active, options } = this;
    if (event.key === "Escape" && this.status.textContent) this.close();
    else if (event.key === "Escape" && this.input.value) this.input.value = "";
    else if (event.key === "Enter" && active) follow(active.dataset.address, event);
    else if (event.key === "ArrowDown" && options.length) this.move(1);
    else if (event.key === "ArrowUp" && options.length) this.move(-1);
    else if (event.key === "ArrowDown") return this.wait();
    else {
      if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) this.mark(null);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

for (const form of document.querySelectorAll("form[data-instant]")) new Combobox(form);

// The box of the header: who opens it wants to type, and who leaves it or presses Escape wants it gone.
const box = document.querySelector("details.search-box");
if (box) {
  const enter = () => { if (box.open) box.querySelector("input").focus(); };
  box.addEventListener("toggle", enter);
  box.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !box.open) return;
    box.open = false;
    box.querySelector("summary").focus();
  });
  document.addEventListener("pointerdown", ({ target }) => { if (!box.contains(target)) box.open = false; });
  enter();
}
