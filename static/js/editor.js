// The text area: formatting by toolbar and keys. Every edit goes through the browser's own editing command, so that
// Undo takes it back like anything typed. Tab moves on to the next control, as everywhere.
const body = document.querySelector("textarea.body-text");
const title = document.querySelector("textarea.title-text");

// Put `text` in the place of start … end, and select what it says from `from` to `to` (offsets in the new text).
const replace = (start, end, text, from = text.length, to = from) => {
  body.focus();
  body.setSelectionRange(start, end);
  const done = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
  if (!done) {
    body.setRangeText(text, start, end, "end");
    body.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  body.setSelectionRange(start + from, start + to);
};

const surround = (mark) => {
  const { selectionStart: start, selectionEnd: end, value } = body;
  const size = mark.length;
  const chosen = value.slice(start, end);
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark) {
    replace(start - size, end + size, chosen, 0, chosen.length);
  } else {
    replace(start, end, mark + chosen + mark, size, size + chosen.length);
  }
};

// Put `prefix` before each line of the selection, or take it away where every line has it.
const prefixLines = (prefix, pattern) => {
  const { selectionStart, selectionEnd, value } = body;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const following = value.indexOf("\n", selectionEnd);
  const end = following < 0 ? value.length : following;
  const lines = value.slice(start, end).split("\n");
  const all = lines.every((line) => pattern.test(line));
  const text = lines.map((line) => (all ? line.replace(pattern, "") : prefix + line.replace(pattern, ""))).join("\n");
  replace(start, end, text, lines.length > 1 ? 0 : text.length, text.length);
};

const link = () => {
  const { selectionStart: start, selectionEnd: end, value } = body;
  const chosen = value.slice(start, end);
  const address = body.parentElement.dataset.link;
  if (/^https?:\/\/\S+$/.test(chosen)) replace(start, end, `[](${chosen})`, 1);
  else replace(start, end, `[${chosen}](${address})`, chosen ? chosen.length + 3 : 1, chosen ? chosen.length + 3 + address.length : 1);
};

const code = () => {
  const { selectionStart: start, selectionEnd: end, value } = body;
  const chosen = value.slice(start, end);
  if (!chosen.includes("\n")) return surround("`");
  replace(start, end, `\`\`\`\n${chosen.replace(/\n$/, "")}\n\`\`\`\n`, 3);
};

const marks = {
  bold: () => surround("**"),
  italic: () => surround("*"),
  heading: () => prefixLines("## ", /^#{1,6} /),
  quote: () => prefixLines("> ", /^> ?/),
  list: () => prefixLines("- ", /^[-*+] /),
  image: () => body.dispatchEvent(new CustomEvent("choose-pictures")),
  link,
  code,
};

const keys = { b: "bold", i: "italic", k: "link" };

// Arrow keys move within the toolbar, which is one stop of the Tab key (WAI-ARIA, toolbar pattern).
const roam = (toolbar) => {
  const buttons = [...toolbar.querySelectorAll("button")];
  const makeStop = (stop) => buttons.forEach((button) => { button.tabIndex = button === stop ? 0 : -1; });
  makeStop(buttons[0]);
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length);
    makeStop(next);
    next.focus();
    event.preventDefault();
  });
};

if (body) {
  const toolbar = document.querySelector(".toolbar");
  toolbar.hidden = false;
  roam(toolbar);
  toolbar.addEventListener("click", (event) => marks[event.target.closest("button")?.dataset.mark]?.());
  body.addEventListener("keydown", (event) => {
    const mark = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && keys[event.key.toLowerCase()];
    if (!mark) return;
    event.preventDefault();
    marks[mark]();
  });
  body.addEventListener("replace-text", ({ detail }) => replace(...detail));
}

if (title) {
  // Where the browser does not size a text area to its content by itself.
  const fit = () => {
    title.style.height = "auto";
    title.style.height = `${title.scrollHeight}px`;
  };
  if (!CSS.supports("field-sizing", "content")) {
    title.addEventListener("input", fit);
    addEventListener("resize", fit);
    fit();
  }
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    body?.focus();
  });
  if (!title.value) title.focus();
}
