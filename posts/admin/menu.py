"""The menus of the site, ordered and named in one list."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import MenuItem
from .addresses import tidy_related_widget
from .choices import SearchedChoices


@admin.register(MenuItem)
class MenuItemAdmin(SearchedChoices):
    fields = ["place", "page", "category", "address", "label", "position"]
    autocomplete_fields = ["page", "category"]
    list_display = ["target", "place", "position", "label"]
    list_editable = ["place", "position", "label"]
    list_select_related = ["page", "category"]
    ordering = ["-place", "position", "pk"]
    show_full_result_count = False

    @admin.display(description=gettext_lazy("leads to"))
    def target(self, item: MenuItem) -> str:
        return str(item.page or item.category or item.address)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        for field in form.base_fields.values():
            tidy_related_widget(field.widget)
        return form

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Name each field: a list has heads of columns alone, and a phone shows none of those."""
        formset = super().get_changelist_formset(request, **kwargs)
        for field in formset.form.base_fields.values():
            field.widget.attrs["aria-label"] = field.label
        formset.form.base_fields["label"].widget.attrs["placeholder"] = formset.form.base_fields["label"].label
        return formset

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = MenuItem.objects.aggregate(last=Max("position"))["last"]
        return {"position": (last or 0) + 1, **super().get_changeform_initial_data(request)}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and not MenuItem.objects.filter(place=MenuItem.Place.HEADER).exists():
            sentence = _("The header shows the usual links: Archive and Feeds. Your first item takes their place.")
            messages.info(request, sentence)
        return super().changelist_view(request, extra_context)
