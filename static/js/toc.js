// The table of contents: open where it has a column of its own, and marking the section that is being read.
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

  // The last heading above the upper third of the window is the section on screen.
  const mark = () => {
    const read = [...links.keys()].filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).at(-1);
    for (const [heading, link] of links) {
      if (heading === read) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  };

  let waiting = false;
  addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }, { passive: true });
  mark();
}
