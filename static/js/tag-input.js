// Tags as chips with suggestions. What travels is the plain field below, names between commas, which is also all there
// is without script. The list of suggestions is a combobox (WAI-ARIA, "Combobox with list autocomplete").
const DELAY = 150;

const quote = (name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

// The inverse of `quote`, as posts/widgets.py reads it.
const split = (text) => [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)]
  .map((match) => (match[1]?.replaceAll('""', '"') ?? match[2] ?? "").trim()).filter(Boolean);

const make = (name, properties = {}) => Object.assign(document.createElement(name), properties);

class TagInput {
  constructor(field) {
    this.field = field;
    this.names = split(field.value);
    this.label = document.querySelector(`label[for="${field.id}"]`)?.textContent ?? "";
    this.build();
    this.draw();
    field.addEventListener("input", () => { this.names = split(field.value); this.draw(); });
  }

  build() {
    const id = `${this.field.id}_entry`;
    this.box = make("div", { className: "tag-input" });
    this.chips = make("ul", { className: "chips" });
    this.entry = make("input", { type: "text", id, autocomplete: "off", maxLength: 100 });
    this.list = make("ul", { id: `${id}_list`, className: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.label);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id })) {
      this.entry.setAttribute(name, value);
    }
    document.querySelector(`label[for="${this.field.id}"]`)?.setAttribute("for", id);
    this.box.append(this.chips, this.entry, this.list);
    this.field.hidden = true;
    this.field.after(this.box);
    this.entry.addEventListener("input", () => this.typed());
    this.entry.addEventListener("keydown", (event) => this.pressed(event));
    this.entry.addEventListener("blur", () => { this.add(this.entry.value); this.close(); });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      if (event.target.role === "option") this.add(event.target.textContent);
    });
    this.box.addEventListener("click", (event) => { if (event.target === this.box || event.target === this.chips) this.entry.focus(); });
  }

  draw() {
    this.chips.replaceChildren(...this.names.map((name) => {
      const button = make("button", { type: "button", textContent: "×" });
      button.setAttribute("aria-label", this.field.dataset.remove.replace("{name}", () => name));
      button.addEventListener("click", () => { this.remove(name); this.entry.focus(); });
      const chip = make("li", { textContent: name });
      chip.append(button);
      return chip;
    }));
  }

  keep() {
    this.field.value = this.names.map(quote).join(", ");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  add(text) {
    const name = text.replace(/\s+/g, " ").trim();
    this.entry.value = "";
    this.close();
    if (!name || this.names.some((other) => other.toLowerCase() === name.toLowerCase())) return;
    this.names.push(name);
    this.keep();
  }

  remove(name) {
    this.names = this.names.filter((other) => other !== name);
    this.keep();
  }

  typed() {
    if (this.entry.value.includes(",")) {
      for (const name of this.entry.value.split(",")) this.add(name);
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), DELAY);
  }

  async suggest() {
    const query = this.entry.value.trim();
    if (!query) return this.close();
    const response = await fetch(`${this.field.dataset.suggest}?q=${encodeURIComponent(query)}`).catch(() => null);
    if (!response?.ok || query !== this.entry.value.trim()) return;
    const { tags } = await response.json();
    this.open(tags.filter((name) => !this.names.includes(name)));
  }

  open(names) {
    this.list.replaceChildren(...names.map((name, index) => {
      const option = make("li", { textContent: name, id: `${this.list.id}_${index}`, role: "option" });
      option.setAttribute("aria-selected", "false");
      return option;
    }));
    this.list.hidden = !names.length;
    this.entry.setAttribute("aria-expanded", !this.list.hidden);
    this.entry.removeAttribute("aria-activedescendant");
  }

  close() { this.open([]); }

  get active() { return this.list.querySelector("[aria-selected=true]"); }

  move(step) {
    const options = [...this.list.children];
    if (!options.length) return;
    const from = options.indexOf(this.active);
    const next = options.at((from < 0 && step < 0 ? 0 : from) + step) ?? options[0];
    this.active?.setAttribute("aria-selected", "false");
    next.setAttribute("aria-selected", "true");
    this.entry.setAttribute("aria-activedescendant", next.id);
  }

  pressed(event) {
    if (event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) this.move(steps[event.key]);
    else if (event.key === "Enter") this.add(this.active?.textContent ?? this.entry.value);
    else if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "Backspace" && !this.entry.value && this.names.length) this.remove(this.names.at(-1));
    else return;
    event.preventDefault();
  }
}

for (const field of document.querySelectorAll("input[data-suggest]")) new TagInput(field);
