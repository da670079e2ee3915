"""Who is banned, since when, by whom, and why."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import DELETION
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from posts.admin.lookups import SafeLookups
from posts.admin.states import moment_in_words

from ..models import Ban
from .acting import log

# The widest range that one ban shuts out, by version: what a provider may have, but not half of the world.
WIDEST = {4: 8, 6: 16}


class BanForm(forms.ModelForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Ban.Kind.choices, initial=Ban.Kind.EMAIL, widget=forms.RadioSelect
    )

    class Meta:
        model = Ban
        fields = ["kind", "value", "note"]

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
    actions = ["lift"]
    list_display = ["value", "kind", "note", "by", "since"]
    list_display_links = None
    list_per_page = 50
    list_select_related = ["created_by"]
    search_fields = ["value", "note"]
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

    def get_actions(
        self, request: HttpRequest, action_location: admin.ActionLocation = admin.ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """Without Django's own deletion, which asks about what else would go: nothing does."""
        actions = super().get_actions(request, action_location=action_location)
        return {name: action for name, action in actions.items() if name == "lift"}

    @admin.action(description=gettext_lazy("Lift the ban"), permissions=["delete"])
    def lift(self, request: HttpRequest, bans: QuerySet) -> None:
        rows = list(bans)
        with transaction.atomic():
            log(request.user, rows, _("Lifted."), DELETION)
            bans.delete()
        text = ngettext("%d ban is lifted.", "%d bans are lifted.", len(rows)) % len(rows)
        self.message_user(request, text, messages.SUCCESS)
