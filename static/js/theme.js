// Light or dark, decided before the first paint, which is why this is the one script that blocks.
// The device's setting rules. A choice is kept only while it differs from it.
{
  const root = document.documentElement;
  const device = matchMedia("(prefers-color-scheme: dark)");

  // Where the browser keeps nothing for us, the choice lasts as long as the page.
  const storage = {
    read() {
      try { return localStorage.getItem("theme"); } catch { return null; }
    },
    write(theme) {
      try { theme ? localStorage.setItem("theme", theme) : localStorage.removeItem("theme"); } catch { /* as above */ }
    },
  };

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : device.matches);

  const show = (theme) => {
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const toggle of document.querySelectorAll(".theme-toggle")) toggle.setAttribute("aria-pressed", isDark());
  };

  const choose = (dark) => {
    const theme = dark === device.matches ? null : dark ? "dark" : "light";
    storage.write(theme);
    show(theme);
  };

  root.dataset.scripted = "";
  show(storage.read());
  device.addEventListener("change", () => show(storage.read()));
  addEventListener("storage", (event) => { if (event.key === "theme") show(event.newValue); });
  addEventListener("DOMContentLoaded", () => show(storage.read()));
  document.addEventListener("click", (event) => { if (event.target.closest(".theme-toggle")) choose(!isDark()); });

  // What a search box does with script comes once somebody goes there.
  const fetchSearch = ({ target }) => {
    const box = target.closest?.("[data-search]");
    if (box) import(box.dataset.search);
  };
  document.addEventListener("focusin", fetchSearch);
  document.addEventListener("toggle", fetchSearch, true);
}
