// A choice among the filters of a list takes effect at once.
const form = document.querySelector("form.list-filters");
// The select boxes are select2's, which speaks jQuery's events alone.
if (form && window.django?.jQuery) window.django.jQuery(form).on("change", "select", () => form.requestSubmit());
