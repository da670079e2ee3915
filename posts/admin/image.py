"""The pictures of the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from ..files import images, renditions
from ..models import Author, Image, Post
from ..widgets import PictureInput
from .kept import KeptAdmin, KeptForm


class ImageForm(KeptForm):
    keep = staticmethod(images.keep)
    words = "alt"

    class Meta:
        model = Image
        fields = ["alt"]

    upload = forms.FileField(label=gettext_lazy("File"), widget=PictureInput)


@admin.register(Image)
class ImageAdmin(KeptAdmin):
    form = ImageForm
    list_display = ["thumbnail", "alt", "size", "created_at"]
    list_display_links = ["thumbnail", "alt"]
    search_fields = ["alt"]
    empty_value_display = gettext_lazy("No description")
    in_use = gettext_lazy("This picture is shown in %(texts)s. Take it out there first.")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["thumbnail", "alt", "size", "address"] if obj else ["upload", "alt"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["thumbnail", "size", "address"] if obj else []

    @admin.display(description=gettext_lazy("picture"))
    def thumbnail(self, image: Image) -> str:
        return thumbnail_of(image)

    @admin.display(description=gettext_lazy("size"))
    def size(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    def users(self, kept: Image) -> Iterator[QuerySet]:
        yield from super().users(kept)
        yield Post.all_objects.filter(cover=kept).values_list("title")
        yield Author.all_objects.filter(picture=kept).values_list("display_name")

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(lambda: renditions.remove(obj))


def thumbnail_of(image: Image) -> str:
    html = '<img class="thumbnail" src="{}" alt="{}" width="{}" height="{}" loading="lazy">'
    return format_html(html, image.file.url, image.alt or image.file.name, image.width, image.height)
