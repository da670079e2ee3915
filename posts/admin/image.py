"""The pictures of the site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import images, renditions
from ..models import Author, Image, Page, Post
from ..widgets import PictureInput
from .lookups import SafeLookups

MAX_NAMED = 5


class ImageForm(forms.ModelForm):
    """A new picture, or the description of one that is there: a file, once kept, is never exchanged."""

    user: Any

    class Meta:
        model = Image
        fields = ["alt"]

    upload = forms.FileField(label=gettext_lazy("File"), widget=PictureInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"]

    def clean_upload(self) -> Any:
        self.kept = images.keep(self.cleaned_data["upload"], uploaded_by=self.user)
        return self.cleaned_data["upload"]

    def save(self, commit: bool = True) -> Image:
        """The kept picture stands in for the empty row of a form that adds one."""
        if not self.instance.pk:
            self.kept.alt = self.cleaned_data["alt"] or self.kept.alt
            self.instance = self.kept
        return super().save(commit)


@admin.register(Image)
class ImageAdmin(SafeLookups):
    form = ImageForm
    list_display = ["thumbnail", "alt", "size", "created_at"]
    list_display_links = ["thumbnail", "alt"]
    list_per_page = 30
    search_fields = ["alt"]
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    show_full_result_count = False
    empty_value_display = gettext_lazy("No description")
    actions = None

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

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

    @admin.display(description=gettext_lazy("address"))
    def address(self, image: Image) -> str:
        return image.file.url

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A picture goes for good, and only where nothing shows it."""
        image = self.get_object(request, object_id)
        if image and self.has_delete_permission(request, image) and (users := texts_with(image)):
            text = _("This picture is shown in %(texts)s. Take it out there first.") % {"texts": ", ".join(users)}
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(reverse("admin:posts_image_change", args=[image.pk]))
        return super().delete_view(request, object_id, extra_context)

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        super().delete_model(request, obj)
        transaction.on_commit(lambda: renditions.remove(obj))


def thumbnail_of(image: Image) -> str:
    html = '<img class="thumbnail" src="{}" alt="{}" width="{}" height="{}" loading="lazy">'
    return format_html(html, image.file.url, image.alt or image.file.name, image.width, image.height)


def texts_with(image: Image) -> list[str]:
    """Some of the posts, pages and authors, in the trash or not, that show the picture."""
    found = []
    for model in (Post, Page):
        texts = model.all_objects.filter(body__contains=image.file.name)
        found += texts.order_by("pk").values_list("title", flat=True)[:MAX_NAMED]
    found += Post.all_objects.filter(cover=image).order_by("pk").values_list("title", flat=True)[:MAX_NAMED]
    found += Author.all_objects.filter(picture=image).order_by("pk").values_list("display_name", flat=True)[:MAX_NAMED]
    return [f"“{title}”" for title in dict.fromkeys(found)]
