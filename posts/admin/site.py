"""The settings of the site: one row, one form."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..feeds import websub
from ..models import SiteSettings
from ..settings_form import SettingsForm
from .image import thumbnail_of


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin):
    form = SettingsForm
    readonly_fields = ["podcast_cover"]
    fieldsets = [
        (None, {"fields": ["title", "tagline", "description"]}),
        (gettext_lazy("Look"), {"fields": ["accent", "posts_per_page", "footer"]}),
        (
            gettext_lazy("Language and time"),
            {
                "fields": ["language", "time_zone"],
                "description": gettext_lazy(
                    "The interface speaks English, German and Spanish. In any other language dates and numbers follow, "
                    "and the words stay English."
                ),
            },
        ),
        (
            gettext_lazy("Feeds"),
            {
                "fields": ["feed_full_text", "feed_length", "websub_hub"],
                "description": gettext_lazy(
                    "Feeds bring new posts to those who subscribe. A WebSub hub is told of each new post, and passes "
                    "it on. One that is free for all is https://pubsubhubbub.appspot.com/."
                ),
            },
        ),
        (
            gettext_lazy("Podcast"),
            {
                "fields": [
                    "podcast_author",
                    "podcast_email",
                    "podcast_category",
                    "podcast_cover",
                    "upload",
                    "upload_token",
                    "remove_picture",
                    "podcast_explicit",
                ],
                "description": gettext_lazy(
                    "The posts with a recording are a podcast. Directories such as Apple’s want to know this about it "
                    "before they list it; give them the address of a feed."
                ),
            },
        ),
        (
            gettext_lazy("Crawlers and security"),
            {
                "fields": ["crawler_policy", "security_contact"],
                "description": gettext_lazy(
                    "robots.txt asks this of the programmes that gather pages. Polite ones keep to it; it is no lock."
                ),
            },
        ),
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

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: SiteSettings | None = None) -> list[Any]:
        """Without what can be done to a cover where there is none."""
        left_out = () if obj and obj.podcast_image else ("podcast_cover", "remove_picture")
        return [
            (name, options | {"fields": [field for field in options["fields"] if field not in left_out]})
            for name, options in self.fieldsets
        ]

    @admin.display(description=gettext_lazy("cover now"))
    def podcast_cover(self, site: SiteSettings) -> str | None:
        return thumbnail_of(site.podcast_image) if site.podcast_image else None

    def save_model(self, request: HttpRequest, obj: SiteSettings, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if "websub_hub" in form.changed_data:
            websub.hub_was_set()
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
