// A button beside the link to a video or a recording, which loads the player of the other site. Nothing is asked of that
// site before, and the page's policy lets in no other.
const player = (figure) => {
  const frame = document.createElement("iframe");
  frame.src = figure.dataset.embed;
  frame.title = figure.querySelector("a").textContent;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  frame.sandbox = "allow-scripts allow-same-origin allow-popups allow-presentation";
  // Some players refuse to play for a page that does not say where it is.
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  return frame;
};

for (const figure of document.querySelectorAll(".prose .embed[data-embed]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = figure.dataset.load;
  button.addEventListener("click", () => {
    const frame = player(figure);
    button.replaceWith(frame);
    frame.focus();
  });
  figure.prepend(button);
}
