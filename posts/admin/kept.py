"""Files that the site keeps, pictures and recordings: sent once, described at leisure, and never exchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from ..models import Audio, Image, Page, Post
from .lookups import SafeLookups

MAX_NAMED = 5

type Kept = Audio | Image


class KeptForm(forms.ModelForm):
    """A new file, or the words for one that is there."""

    user: Any
    keep: Callable[..., Kept]
    """What takes a file, and returns its row."""
    words: str
    """The field that says what the file is."""

    upload = forms.FileField(label=gettext_lazy("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["upload"]

    def clean_upload(self) -> Any:
        self.kept = self.keep(self.cleaned_data["upload"], uploaded_by=self.user)
        return self.cleaned_data["upload"]

    def save(self, commit: bool = True) -> Kept:
        """The kept row stands in for the empty one of a form that adds."""
        if not self.instance.pk:
            setattr(self.kept, self.words, self.cleaned_data[self.words] or getattr(self.kept, self.words))
            self.instance = self.kept
        return super().save(commit)


class KeptAdmin(SafeLookups):
    list_per_page = 30
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]
    actions = None
    in_use: Any
    """The sentence against deleting what %(texts)s use."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    @admin.display(description=gettext_lazy("address"))
    def address(self, kept: Kept) -> str:
        return kept.file.url

    def users(self, kept: Any) -> Iterator[QuerySet]:
        """For each way in which a row may use the file, the names of the rows that do, in the trash or not."""
        yield from (
            model.all_objects.filter(body__contains=kept.file.name).values_list("title") for model in (Post, Page)
        )

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """A file goes for good, and only where nothing uses it."""
        kept = self.get_object(request, object_id)
        if kept and self.has_delete_permission(request, kept) and (texts := self.texts_with(kept)):
            self.message_user(request, self.in_use % {"texts": ", ".join(texts)}, messages.ERROR)
            return HttpResponseRedirect(reverse(f"admin:posts_{self.opts.model_name}_change", args=[kept.pk]))
        return super().delete_view(request, object_id, extra_context)

    def texts_with(self, kept: Kept) -> list[str]:
        """The names of some that use the file."""
        named = (name for rows in self.users(kept) for (name,) in rows.order_by("pk")[:MAX_NAMED])
        return [f"“{name}”" for name in dict.fromkeys(named)]
