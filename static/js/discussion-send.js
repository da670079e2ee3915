// A comment is sent, changed and previewed in place, through the addresses that serve without script: what they answer
// is a page, of which the parts are taken. What has no part here is sent the ordinary way, and seen in full.
const isForm = (form) => form.matches?.("form.comment-form");
const parse = async (response) => new DOMParser().parseFromString(await response.text(), "text/html");
const path = (address) => {
  const { pathname, search } = new URL(address, location.href);
  return pathname + search;
};

const say = (form, name) => {
  const status = form.querySelector(".form-status");
  if (status) status.textContent = name ? status.dataset[name] : "";
};

const focus = (element) => {
  element.tabIndex = -1;
  element.focus();
};

// The errors and the preview above a form, and the form itself with its values and marks, as the server has made them.
const answer = (form, page) => {
  const fresh = page.querySelector(`form.comment-form[action="${form.getAttribute("action")}"]`);
  if (!fresh) return false;
  const label = form.getAttribute("aria-label");
  if (label) fresh.setAttribute("aria-label", label);
  for (const note of form.parentElement.querySelectorAll(":scope > :is(.error-summary, .comment-preview)")) note.remove();
  const notes = [...page.querySelectorAll(".error-summary, .comment-preview")];
  // The focus is moved below; a page that is open already has no use for autofocus.
  for (const note of notes) note.autofocus = false;
  form.before(...notes);
  form.replaceWith(fresh);
  fresh.dispatchEvent(new Event("comment-form-placed", { bubbles: true }));
  focus(notes[0] ?? fresh.elements.body);
  return true;
};

// What was filled in below the post stays there; only what has been sent is not offered again.
const keepFields = (from, to, sent) => {
  if (!from || !to) return;
  for (const { name, value, type } of from.elements) {
    if (type !== "hidden" && name in to.elements && !(from === sent && name === "body")) to.elements[name].value = value;
  }
};

const show = (form, page, id) => {
  const here = document.getElementById("comments") ?? document.querySelector("div.discussion");
  const there = page.getElementById("comments") ?? page.querySelector("div.discussion");
  const own = "#comment-form form.comment-form";
  keepFields(document.querySelector(own), page.querySelector(own), form);
  here.replaceWith(there);
  location.hash = `comment-${id}`;
  focus(document.getElementById(`comment-${id}`));
};

// Where the comment is on this very page, the page is brought up to date; else the reader goes to where it is.
const arrive = async (form, response, id, address) => {
  form.dispatchEvent(new Event("comment-sent", { bubbles: true }));
  const page = await parse(response);
  if (path(response.url) === path(location.href) && page.getElementById(`comment-${id}`)) show(form, page, id);
  else location.assign(address);
};

const send = async (form, button) => {
  const data = new FormData(form, button);
  const headers = { Accept: "application/json, text/html;q=0.9" };
  const response = await fetch(form.action, { method: "POST", body: new URLSearchParams(data), headers });
  if (response.status === 201) {
    const { id, url } = await response.json();
    return arrive(form, await fetch(url), id, url);
  }
  if (response.redirected) {
    const id = form.action.match(/(\d+)\/edit\/$/)[1];
    return arrive(form, response, id, `${response.url}#comment-${id}`);
  }
  if (answer(form, await parse(response))) return undefined;
  if (response.status >= 500) throw new Error(response.statusText);
  return form.submit();
};

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!isForm(form) || !form.elements.body || !form.querySelector(".form-status")) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "true";
  say(form, "sending");
  try {
    await send(form, event.submitter);
  } catch {
    say(form, "failed");
  } finally {
    delete form.dataset.busy;
  }
});

// On a page for everyone only the browser knows how long it has been open.
document.addEventListener("formdata", ({ target, formData }) => {
  if (isForm(target) && formData.has("elapsed")) formData.set("elapsed", (performance.now() / 1000).toFixed(1));
});

// A page that comes back from the browser's cache was left while something was on its way.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  for (const form of document.querySelectorAll("form.comment-form[data-busy]")) {
    delete form.dataset.busy;
    say(form, "");
  }
});
