// A comment that has not been sent yet is kept in this browser, and offered again after a crash, a lost network or a
// wrong click. It is forgotten once it is sent, emptied, or old.
const DAYS = 7;

// A new comment tells how long its form was open; the form that changes one has its text already.
const isNew = (form) => form?.matches("form.comment-form") && form.elements.elapsed;
const key = (form) => `comment:${new URL(form.action).pathname}`;

const store = {
  read(form) {
    try {
      const { at, text } = JSON.parse(localStorage.getItem(key(form)));
      return Date.now() - at < DAYS * 86_400_000 ? text : "";
    } catch {
      return "";
    }
  },
  write(form, text) {
    try {
      if (text.trim()) localStorage.setItem(key(form), JSON.stringify({ at: Date.now(), text }));
      else localStorage.removeItem(key(form));
    } catch { /* full, or forbidden */ }
  },
};

const offer = (form) => {
  const { body } = form.elements;
  const text = body.value ? "" : store.read(form);
  if (!text) return;
  body.value = text;
  const status = form.querySelector(".form-status");
  status.textContent = status.dataset.restored;
};

document.addEventListener("input", ({ target }) => {
  const { form } = target;
  if (target.name === "body" && isNew(form)) store.write(form, target.value);
});

document.addEventListener("comment-sent", ({ target }) => { if (isNew(target)) store.write(target, ""); });

document.addEventListener("comment-form-placed", ({ target }) => { if (isNew(target)) offer(target); });

for (const form of document.querySelectorAll("form.comment-form")) {
  if (isNew(form)) offer(form);
}
