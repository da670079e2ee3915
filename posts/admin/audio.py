"""The recordings of the site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import recordings
from ..models import Audio, Page, Post
from ..templatetags.recordings import clock
from ..widgets import RecordingInput
from .lookups import SafeLookups

MAX_NAMED = 5


class AudioForm(forms.ModelForm):
    """A new recording, or the title of one that is there: a file, once kept, is never exchanged."""

    user: Any

    class Meta:
        model = Audio
        fields = ["title"]

    upload = forms.FileField(
        label=gettext_lazy("File"),
        widget=RecordingInput,
        help_text=gettext_lazy(
            "MP3, M4A or Ogg. It is kept as it is, with the titles, chapters and pictures inside: take out first what "
            "listeners shall not see."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"]

    def clean_upload(self) -> Any:
        self.kept = recordings.keep(self.cleaned_data["upload"], uploaded_by=self.user)
        return self.cleaned_data["upload"]

    def save(self, commit: bool = True) -> Audio:
        """The kept recording stands in for the empty row of a form that adds one."""
        if not self.instance.pk:
            self.kept.title = self.cleaned_data["title"] or self.kept.title
            self.instance = self.kept
        return super().save(commit)


@admin.register(Audio)
class AudioAdmin(SafeLookups):
    form = AudioForm
    list_display = ["title", "length", "weight", "media_type", "created_at"]
    list_per_page = 30
    search_fields = ["title"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False
    empty_value_display = gettext_lazy("No title")
    actions = None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["title", "player", "length", "weight", "address"] if obj else ["upload", "title"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["player", "length", "weight", "address"] if obj else []

    @admin.display(description=gettext_lazy("listen"))
    def player(self, audio: Audio) -> str:
        return format_html('<audio controls preload="none" src="{}"></audio>', audio.file.url)

    @admin.display(description=gettext_lazy("length"), ordering="seconds")
    def length(self, audio: Audio) -> str:
        return clock(audio.seconds or 0)

    @admin.display(description=gettext_lazy("size"), ordering="size")
    def weight(self, audio: Audio) -> str:
        return filesizeformat(audio.size)

    @admin.display(description=gettext_lazy("address"))
    def address(self, audio: Audio) -> str:
        return audio.file.url

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A recording goes for good, and only where nothing plays it."""
        audio = self.get_object(request, object_id)
        if audio and self.has_delete_permission(request, audio) and (users := texts_with(audio)):
            text = _("This recording is played in %(texts)s. Take it out there first.") % {"texts": ", ".join(users)}
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:posts_audio_change", args=[audio.pk]))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: Audio) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(lambda: obj.file.storage.delete(obj.file.name))


def texts_with(audio: Audio) -> list[str]:
    """Some of the posts and pages, in the trash or not, that play the recording or link to it."""
    found = list(Post.all_objects.filter(audio=audio).order_by("pk").values_list("title", flat=True)[:MAX_NAMED])
    for model in (Post, Page):
        texts = model.all_objects.filter(body__contains=audio.file.name)
        found += texts.order_by("pk").values_list("title", flat=True)[:MAX_NAMED]
    return [f"“{title}”" for title in dict.fromkeys(found)]
