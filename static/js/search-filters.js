// The filters of a search: open where they have a column of their own.
const filters = document.querySelector(".filters");

if (filters) {
  const wide = matchMedia("(min-width: 70rem)");
  const fit = () => { filters.open = wide.matches; };
  wide.addEventListener("change", fit);
  fit();
}
