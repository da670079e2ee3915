"""Rows with a public address: when it changes, the old one leads to the new one."""

from __future__ import annotations

import copy
from typing import Any

from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import IntegrityError
from django.db.models import SlugField
from django.http import HttpRequest, HttpResponse

from ..forms import CleanSlugField
from ..models.slugged import ATTEMPTS
from ..redirects import leave_forwarding_address
from ..widgets import module
from .trash import TrashAdmin


class AddressedAdmin(TrashAdmin):
    slug_source = "title"
    formfield_overrides = {SlugField: {"form_class": CleanSlugField}}

    class Media:
        js = [module("slug")]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """With a slug field that follows the title until someone edits it by hand, see static/js/slug.js."""
        form = super().get_form(request, obj, change, **kwargs)
        for field in form.base_fields.values():
            tidy_related_widget(field.widget)
        if "slug" in form.base_fields:
            form.base_fields["slug"].widget.attrs["data-slug-from"] = f"id_{self.slug_source}"
        return form

    def view_on_site(self, obj: Any) -> str:
        """The address itself; Django would lead through one of its own, where nobody is asked for a permission."""
        return obj.get_absolute_url()

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's own; again where another save took the slug at this very moment: by now the form sees it."""
        for _attempt in range(1, ATTEMPTS):
            try:
                return super().changeform_view(request, *args, **kwargs)
            except IntegrityError:
                for file in request.FILES.values():
                    file.seek(0)
        return super().changeform_view(request, *args, **kwargs)

    def had_readers(self, form: Any) -> bool:
        """Whether the row was public before this change."""
        return True

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "slug" in form.changed_data and self.had_readers(form):
            before = copy.copy(obj)
            before.slug = form.initial["slug"]
            leave_forwarding_address(before.get_absolute_url(), obj.get_absolute_url())


def tidy_related_widget(widget: Any) -> None:
    """Leave one icon beside a choice: to add what is missing."""
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
