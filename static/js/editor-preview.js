// The preview beside the text, and the counts below it. The server renders: what is seen is what readers will get.
// The frame is a page of this site without scripts; only an answer that says 200 is ever put into it.
const pane = document.querySelector(".preview");
const body = document.querySelector("textarea.body-text");
const title = document.querySelector("textarea.title-text");
const summary = document.querySelector("#id_summary");
const language = document.querySelector("#id_language");
const cover = document.querySelector("[data-cover]");
const note = pane?.querySelector(".preview-note");
const DELAY = 300;
const numbers = new Intl.NumberFormat(document.documentElement.lang);

let frame;
let timer;
let running;
let shown;

const part = (name) => frame?.contentDocument?.querySelector(`[data-part=${name}]`);

const count = (name, number) => {
  const place = document.querySelector(`[data-${name}]`);
  place.textContent = number ? (number === 1 ? place.dataset.one : place.dataset.many).replace("{n}", numbers.format(number)) : "";
};

const say = (sentence) => { note.textContent = sentence; note.hidden = !sentence; };

const chosen = (name) => [...(document.querySelector(`#id_${name}`)?.selectedOptions ?? [])].filter((option) => option.value).map((option) => option.text);

const fill = (name, words) => {
  part(name).textContent = words;
  part(name).hidden = !words;
};

const showCover = () => {
  const figure = part("cover");
  const removed = document.querySelector("#id_remove_picture")?.checked;
  figure.hidden = removed || !cover?.getAttribute("src");
  if (figure.firstElementChild?.src !== cover?.src) figure.replaceChildren(...(figure.hidden ? [] : [cover.cloneNode()]));
};

const showHead = () => {
  if (!part("title")) return;
  part("title").textContent = title.value;
  fill("summary", summary?.value ?? "");
  fill("categories", chosen("categories").join(", "));
  const writers = [...chosen("author"), ...chosen("co_authors")].join(", ") || pane.dataset.writer;
  fill("byline", writers && pane.dataset.byline.replace("{names}", writers));
  showCover();
};

const showBody = ({ html, lang, dir }) => {
  const article = part("body");
  if (!article) return;
  for (const name of ["title", "summary", "body"]) Object.assign(part(name), { lang, dir });
  const view = frame.contentWindow;
  const { scrollX, scrollY } = view;
  article.innerHTML = html;
  view.scrollTo(scrollX, scrollY);
};

const render = async () => {
  running?.abort();
  const attempt = (running = new AbortController());
  const form = new FormData();
  form.append("body", body.value);
  form.append("language", language?.value ?? "");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const response = await fetch(pane.dataset.url, { method: "POST", body: form, signal: attempt.signal, headers: { "X-CSRFToken": token, Accept: "application/json" } });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) return say(answer.error ?? pane.dataset.failed);
    say("");
    shown = answer;
    showBody(shown);
    count("words", answer.words);
    count("minutes", answer.minutes);
  } catch (error) {
    if (error.name !== "AbortError") say(pane.dataset.failed);
  }
};

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(render, DELAY);
};

// The frame follows the theme of the desk, and keeps to itself where links lead.
const settle = () => {
  const inner = frame.contentDocument;
  const { theme } = document.documentElement.dataset;
  if (theme === "light" || theme === "dark") inner.documentElement.dataset.theme = theme;
  else delete inner.documentElement.dataset.theme;
};

const open = () => {
  if (frame) return;
  frame = document.createElement("iframe");
  frame.title = pane.getAttribute("aria-label");
  frame.src = pane.dataset.frame;
  frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
  frame.addEventListener("load", () => {
    settle();
    showHead();
    if (shown !== undefined) showBody(shown);
    frame.contentDocument.addEventListener("click", (event) => {
      const address = event.target.closest("a")?.getAttribute("href");
      if (!address?.startsWith("#")) return;
      event.preventDefault();
      frame.contentDocument.getElementById(decodeURIComponent(address.slice(1)))?.scrollIntoView();
    });
  });
  pane.append(frame);
};

if (pane && body) {
  pane.hidden = false;
  if (document.documentElement.dataset.pane === "preview") open();
  // What is chosen in the settings is seen once they give way to the preview.
  document.addEventListener("pane-shown", ({ detail }) => {
    if (detail !== "preview") return;
    open();
    showHead();
  });
  new MutationObserver(() => { if (frame?.contentDocument) settle(); }).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  body.addEventListener("input", later);
  title.addEventListener("input", showHead);
  summary?.addEventListener("input", showHead);
  language?.addEventListener("change", later);
  render();
}
