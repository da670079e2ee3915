"""Who is banned, since when, by whom, and why."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from posts.admin.lookups import SafeLookups
from posts.admin.states import moment_in_words

from ..models import Ban

# The widest range that one ban shuts out, by version: what a provider may have, but not half of the world.
WIDEST = {4: 8, 6: 16}


class BanForm(forms.ModelForm):
    class Meta:
        model = Ban
        fields = ["kind", "value", "note"]
        widgets = {"kind": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("kind") == Ban.Kind.NETWORK and is_too_wide(data.get("value", "")):
            message = _("This range is so wide that it shuts out whole countries. Ban a smaller one.")
            self.add_error("value", ValidationError(message, "too_wide"))
        return data


def is_too_wide(value: str) -> bool:
    try:
        network = ipaddress.ip_network(value.strip(), strict=False)
    except ValueError:
        # Refused by the model, in words of its own.
        return False
    return network.prefixlen < WIDEST[network.version]


@admin.register(Ban)
class BanAdmin(SafeLookups):
    form = BanForm
    list_display = ["value", "kind", "note", "by", "since"]
    list_display_links = None
    list_per_page = 50
    list_select_related = ["created_by"]
    search_fields = ["value", "note"]
    show_full_result_count = False
    empty_value_display = "–"
    ordering = ["-created_at", "-pk"]
    fields = ["kind", "value", "note"]

    class Media:
        css = {"all": ["css/admin-comments.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Ban | None = None) -> bool:
        """A ban is lifted and made anew, so that it says truly who made it."""
        return False

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def since(self, ban: Ban) -> str:
        return moment_in_words(ban.created_at)

    @admin.display(description=gettext_lazy("banned by"))
    def by(self, ban: Ban) -> str:
        return (ban.created_by.get_full_name() or ban.created_by.get_username()) if ban.created_by else "–"

    def save_model(self, request: HttpRequest, obj: Ban, form: forms.ModelForm, change: bool) -> None:
        obj.created_by = request.user
        super().save_model(request, obj, form, change)
