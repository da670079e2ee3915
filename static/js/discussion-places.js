// The forms to reply to a comment and to change one's own open where the comment stands.
const FIELDS = ["author_name", "email", "website"];

const fetched = async (address) => {
  const response = await fetch(address);
  if (!response.ok || response.redirected) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector(".writing form.comment-form");
};

// Who has said below the post who they are need not say it again.
const introduce = (form) => {
  const known = document.querySelector("#comment-form form.comment-form");
  for (const name of FIELDS) {
    if (form.elements[name] && known?.elements[name]) form.elements[name].value = known.elements[name].value;
  }
};

const close = (place, link, words) => {
  place.remove();
  words.hidden = false;
  link.focus();
};

const addCancel = (form, act) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = form.querySelector(".form-status").dataset.cancel;
  button.addEventListener("click", act);
  form.querySelector(".form-buttons").append(button);
};

const open = async (link) => {
  const comment = link.closest(".comment");
  const words = comment.querySelector(":scope > .prose");
  const form = await fetched(link.href);
  if (!form) return location.assign(link.href);
  const place = document.createElement("div");
  place.className = "in-place";
  place.dataset.of = link.href;
  place.append(form);
  form.setAttribute("aria-label", link.textContent.trim());
  introduce(form);
  words.hidden = link.matches(".edit");
  link.closest(".comment-actions").after(place);
  const giveUp = () => close(place, link, words);
  // Also each time that the form is put there anew, with its errors or below its preview.
  place.addEventListener("comment-form-placed", ({ target }) => addCancel(target, giveUp));
  form.dispatchEvent(new Event("comment-form-placed", { bubbles: true }));
  form.elements.body.focus();
  return undefined;
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.(".comment-actions :is(.reply, .edit)");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const there = [...link.closest(".comment").querySelectorAll(".in-place")].find(({ dataset }) => dataset.of === link.href);
  if (there) return there.querySelector("textarea").focus();
  if (link.dataset.busy) return;
  link.dataset.busy = "true";
  await open(link).catch(() => location.assign(link.href));
  delete link.dataset.busy;
});
