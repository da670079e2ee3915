// What helps with a long text: its table of contents, buttons that copy code, and one that passes the page on.
// The words of the buttons come from the page, in the page's language.

// 1. The table of contents: open where it has a column of its own, and marking the section that is being read.
const contents = document.querySelector(".toc");

if (contents) {
  const wide = matchMedia("(min-width: 64rem)");
  const fit = () => { contents.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();

  const links = new Map();
  for (const link of contents.querySelectorAll("a")) {
    const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (heading) links.set(heading, link);
  }

  const passed = new Set();
  const mark = () => {
    const read = [...links.keys()].filter((heading) => passed.has(heading)).at(-1);
    for (const [heading, link] of links) {
      if (heading === read) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
    // Within its own column alone: the page itself stays where its reader has put it.
    if (read) contents.scrollTop = links.get(read).offsetTop - contents.clientHeight / 2;
  };

  // The last heading above the upper third of the window is the section on screen. The margin reaches up beyond the
  // page's beginning, so that a heading which was jumped over counts as well.
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) passed[isIntersecting ? "add" : "delete"](target);
    mark();
  }, { rootMargin: "10000000px 0px -67% 0px" });
  for (const heading of links.keys()) observer.observe(heading);
}

// 2. A button on each block of code that copies it.
const status = document.getElementById("copy-status");

const copyOnClick = (button, text) => {
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(text()).then(() => true, () => false);
    button.textContent = status.textContent = copied ? status.dataset.copied : status.dataset.failed;
    setTimeout(() => {
      button.textContent = words;
      status.textContent = "";
    }, 2000);
  });
};

// Browsers offer the clipboard to pages from https and from this machine alone.
if (status && navigator.clipboard) {
  for (const pre of document.querySelectorAll(".prose pre")) {
    const block = document.createElement("div");
    block.className = "code";
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = status.dataset.copy;
    copyOnClick(button, () => (pre.querySelector("code") ?? pre).textContent);
    pre.replaceWith(block);
    block.append(pre, button);
  }
}

// 3. A button that opens the device's own share sheet; where there is none, it copies the address.
const share = document.querySelector(".share");

if (share && (navigator.share || navigator.clipboard)) {
  const button = share.querySelector("button");
  const url = location.origin + location.pathname;
  button.textContent = navigator.share ? button.dataset.share : button.dataset.copy;
  if (navigator.share) {
    const title = document.querySelector("h1")?.textContent ?? document.title;
    // Who closes the sheet has changed their mind, and that is all.
    button.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  } else {
    copyOnClick(button, () => url);
  }
  share.hidden = false;
}
