"""The settings of the site: one row, one form."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import SiteSettings


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    fieldsets = [
        (None, {"fields": ["title", "tagline", "description"]}),
        (gettext_lazy("Look"), {"fields": ["accent", "posts_per_page", "footer"]}),
        (gettext_lazy("Language and time"), {"fields": ["language", "time_zone"]}),
        (
            gettext_lazy("Comments: who may write, and until when"),
            {"fields": ["comment_policy", "comment_close_days", "comment_email_required", "comment_edit_minutes"]},
        ),
        (
            gettext_lazy("Comments: order and pages"),
            {"fields": ["comments_newest_first", "comment_threads_per_page", "comment_max_length"]},
        ),
        (
            gettext_lazy("Comments: what makes one wait"),
            {
                "fields": [
                    "comment_max_links",
                    "comment_hold_words",
                    "comment_spam_words",
                    "comment_reports_to_hold",
                    "comment_rate_per_address",
                    "comment_rate_per_post",
                ]
            },
        ),
        (
            gettext_lazy("Comments: privacy and mail"),
            {"fields": ["comment_address_days", "comment_mail_moderators"]},
        ),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:posts_sitesettings_change", args=[1]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> SiteSettings | None:
        """The one row; its defaults where none has been saved."""
        return SiteSettings.load() if object_id == "1" else None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, {"title": _("Site settings"), "subtitle": None})

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        # Thousands of texts are too many for a request; and nobody wants them changed by surprise.
        if "language" in form.changed_data:
            sentence = _(
                "What is written between the words of your texts, such as quotation marks, keeps its language until "
                "you save a text again. For all of them at once, whoever runs the server calls the command `rerender`."
            )
            self.message_user(request, sentence, messages.WARNING)

    def response_change(self, request: HttpRequest, obj: SiteSettings) -> HttpResponse:
        self.message_user(request, _("Saved: the whole site follows at once."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:posts_sitesettings_change", args=[1]))
