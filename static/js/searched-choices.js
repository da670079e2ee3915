// select2 leaves the name of its choices unsaid: give it to those who listen to the page.
const name = () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim();
    const box = select.nextElementSibling;
    if (!label || !box?.matches(".select2-container")) continue;
    for (const part of box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field")) part.setAttribute("aria-label", label);
  }
};

// After select2, which waits for the same moment.
window.django?.jQuery(name);
