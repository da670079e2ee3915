// Nothing is lost: a warning before leaving, Ctrl+S or Cmd+S to save, and a copy of what is not saved yet, kept in this
// browser and offered again after a crash or an expired session. An acknowledged save clears it.
const form = document.querySelector("form.editor");
const status = form?.querySelector("[data-save-state]");
const KEPT = ["title", "body", "summary", "slug", "tags", "cover_alt", "seo_title", "seo_description"];
const DELAY = 800;

const kept = () => KEPT.map((name) => form.elements[name]).filter(Boolean);
const snapshot = () => Object.fromEntries(kept().map((field) => [field.name, field.value]));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

const store = {
  key: (path = location.pathname) => `unsaved:${path}`,
  read() {
    try { return JSON.parse(localStorage.getItem(this.key())); } catch { return null; }
  },
  write(values) {
    try { localStorage.setItem(this.key(), JSON.stringify({ at: Date.now(), values })); } catch { /* full, or forbidden */ }
  },
  clear(path) {
    try { localStorage.removeItem(this.key(path)); } catch { /* forbidden */ }
  },
};

let saved;
let dirty = false;
let leaving = false;
let timer;

const mark = (word, isDirty) => {
  dirty = isDirty;
  status.textContent = word;
};

const changed = () => {
  if (same(snapshot(), saved)) {
    mark("", false);
    return store.clear();
  }
  mark(status.dataset.dirty, true);
  clearTimeout(timer);
  timer = setTimeout(() => { if (dirty) store.write(snapshot()); }, DELAY);
};

const submit = (button) => form.requestSubmit(button);

// An existing text is saved in the background, and the page stays as it is. Whatever the server does not accept is sent
// again the ordinary way, which shows why.
const save = async () => {
  const button = form.querySelector("[data-save]");
  if (!button) return;
  const busy = [...form.querySelectorAll("input[type=file][name]")].some((input) => input.value);
  if (!form.dataset.original || busy || document.querySelector(".refusal")) return submit(button);
  const sent = snapshot();
  mark(status.dataset.saving, dirty);
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form, button), headers: { Accept: "application/json" } });
    const answer = await response.json();
    form.elements.version.value = answer.version;
    form.querySelector(".state .badge").textContent = answer.state;
    saved = sent;
    changed();
    if (!dirty) mark(status.dataset.saved, false);
  } catch {
    submit(button);
  }
};

const offer = ({ at, values }) => {
  const box = form.querySelector(".recovery");
  const time = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  box.querySelector("p").textContent = box.dataset.sentence.replace("{time}", time);
  box.hidden = false;
  box.querySelector("[data-restore]").addEventListener("click", () => {
    for (const field of kept()) {
      if (!(field.name in values)) continue;
      field.value = values[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    box.hidden = true;
  });
  box.querySelector("[data-discard]").addEventListener("click", () => {
    store.clear();
    box.hidden = true;
  });
};

if (form) {
  saved = snapshot();
  if (form.querySelector(".messagelist .saved")) {
    // The page that was left by this save may have had another address: that of a new text.
    store.clear(sessionStorage.getItem("saving") ?? undefined);
    store.clear();
    mark(status.dataset.saved, false);
  }
  sessionStorage.removeItem("saving");
  const backup = store.read();
  if (document.querySelector(".refusal")) {
    saved = null;
    mark(status.dataset.dirty, true);
  } else if (backup && !same(backup.values, saved)) {
    offer(backup);
  }
  form.addEventListener("input", changed);
  form.addEventListener("submit", () => {
    leaving = true;
    sessionStorage.setItem("saving", location.pathname);
    if (dirty) store.write(snapshot());
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
}
