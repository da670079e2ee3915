// What stands beside the text, decided before the first paint, which is why this script blocks.
{
  const wide = matchMedia("(min-width: 68rem)").matches;
  let chosen = null;
  try { chosen = localStorage.getItem("editor-pane"); } catch { /* nothing is kept for us: the default it is */ }
  document.documentElement.dataset.pane = wide ? chosen ?? "preview" : "none";
}
