"""Choices that are searched, not listed: there may be thousands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import ForeignKey, ManyToManyField
from django.http import HttpRequest

from ..widgets import module
from .lookups import SafeLookups, is_id


class OnlyIds(AutocompleteMixin):
    """Django looks up whatever a request names as chosen, and breaks on what is no number: leave that out."""

    def optgroups(self, name: str, value: list[Any], attr: Any = None) -> list[Any]:
        ids = [item for item in value if is_id(str(item))]
        return super().optgroups(name, ids, attr)

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(js=[module("searched-choices")])


class SearchedSelect(OnlyIds, AutocompleteSelect):
    pass


class SearchedSelectMultiple(OnlyIds, AutocompleteSelectMultiple):
    pass


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
