"""The recordings of the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from ..files import recordings
from ..models import Audio, Post
from ..templatetags.recordings import clock
from ..widgets import RecordingInput
from .kept import KeptAdmin, KeptForm


class AudioForm(KeptForm):
    keep = staticmethod(recordings.keep)
    words = "title"

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


@admin.register(Audio)
class AudioAdmin(KeptAdmin):
    form = AudioForm
    list_display = ["title", "length", "weight", "media_type", "created_at"]
    search_fields = ["title"]
    empty_value_display = gettext_lazy("No title")
    in_use = gettext_lazy("This recording is played in %(texts)s. Take it out there first.")

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

    def users(self, kept: Audio) -> Iterator[QuerySet]:
        yield Post.all_objects.filter(audio=kept).values_list("title")
        yield from super().users(kept)

    def delete_model(self, request: HttpRequest, obj: Audio) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(lambda: obj.file.storage.delete(obj.file.name))
