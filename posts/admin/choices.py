"""Choices that are searched, not listed: there may be thousands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..widgets import module
from .lookups import SafeLookups, is_id

# Offered without script; whoever has more of them searches with script.
PLAIN_CHOICES = 200
PLAIN_ROWS = 6


class OnlyIds(AutocompleteMixin):
    """Django looks up whatever a request names as chosen, and breaks on what is no number: leave that out."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> list[Any]:
        ids = [item for item in value if is_id(str(item))]
        return super().optgroups(name, ids, attr)

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[module("searched-choices")])


class PlainToo(OnlyIds):
    """Without script, what is not chosen yet stands in a list beside what is.

    A list in which nothing is marked sends nothing, so that both can bear one name.
    """

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        searched = super().render(name, value, attrs, renderer)
        return format_html("{}<noscript>{}</noscript>", searched, self.plain_list(name, value))

    def plain_list(self, name: str, value: Any) -> SafeString:
        chosen = {str(item) for item in (value if isinstance(value, list | tuple) else [value])}
        others = self.choices.queryset.exclude(pk__in=filter(is_id, chosen))[:PLAIN_CHOICES]
        widget = forms.SelectMultiple if self.allow_multiple_selected else forms.Select
        plain = widget({"size": PLAIN_ROWS, "aria-label": _("More to choose from")})
        plain.choices = [(row.pk, str(row)) for row in others]
        return plain.render(name, None)


class SearchedFilter(OnlyIds, AutocompleteSelect):
    """Beside a list."""


class SearchedSelect(PlainToo, AutocompleteSelect):
    """In a form."""


class SearchedSelectMultiple(PlainToo, AutocompleteSelectMultiple):
    """In a form."""


class SearchedChoices(SafeLookups):
    """`autocomplete_fields` with these widgets."""

    def formfield_for_foreignkey(self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelect(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SearchedSelectMultiple(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)
