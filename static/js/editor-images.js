// Pictures dropped, pasted or chosen: a placeholder stands in the text while each one is on its way.
const body = document.querySelector("textarea.body-text");
const field = body?.closest("[data-upload]");
const note = document.querySelector(".editor-note");
const input = document.querySelector(".picture-input");
const say = (sentence) => { note.textContent = sentence; note.hidden = !sentence; };
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const put = (...detail) => body.dispatchEvent(new CustomEvent("replace-text", { detail }));

// Exchange the placeholder, wherever it is by now, for `text`; the writer's own caret stays where it is.
const settle = (placeholder, text, selectFrom, selectTo) => {
  const at = body.value.indexOf(placeholder);
  if (at < 0) return;
  const { selectionStart, selectionEnd, scrollTop } = body;
  const active = document.activeElement;
  const waiting = active === body && selectionStart === at + placeholder.length + 1;
  put(at, at + placeholder.length, text, selectFrom, selectTo);
  if (waiting) return;
  const moved = (position) => (position > at ? Math.max(at, position + text.length - placeholder.length) : position);
  body.setSelectionRange(moved(selectionStart), moved(selectionEnd));
  body.scrollTop = scrollTop;
  active?.focus();
};

const send = async (file) => {
  const form = new FormData();
  form.append("file", file);
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  let response;
  try {
    response = await fetch(field.dataset.upload, { method: "POST", body: form, headers: { "X-CSRFToken": token, Accept: "application/json" } });
  } catch {
    throw new Error(field.dataset.offline);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `${response.status} ${response.statusText}`);
  return answer;
};

let number = 0;

const upload = async (file) => {
  const placeholder = `![${fill(field.dataset.uploading, { name: file.name.replace(/[[\]()\n]/g, " ") })}](#${++number})`;
  const { selectionStart: start, selectionEnd: end, value } = body;
  const before = start && value[start - 1] !== "\n" ? "\n\n" : "";
  put(start, end, `${before}${placeholder}\n`);
  try {
    const { url } = await send(file);
    const alt = field.dataset.describe;
    settle(placeholder, `![${alt}](${url})`, 2, 2 + alt.length);
  } catch (error) {
    settle(placeholder, "");
    say(fill(field.dataset.failed, { name: file.name, reason: error.message }));
  }
};

const take = async (files) => {
  say("");
  for (const file of files) await upload(file);
};

const pictures = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));

if (field?.dataset.upload) {
  body.addEventListener("paste", (event) => {
    const found = pictures(event.clipboardData);
    if (!found.length || event.clipboardData.types.includes("text/plain")) return;
    event.preventDefault();
    take(found);
  });
  body.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    field.classList.add("dropping");
  });
  for (const end of ["dragleave", "drop"]) body.addEventListener(end, () => field.classList.remove("dropping"));
  body.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  body.addEventListener("choose-pictures", () => input.click());
  input.addEventListener("change", () => {
    take([...input.files]).finally(() => { input.value = ""; });
  });
}
