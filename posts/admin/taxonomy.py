"""Categories, tags and series."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..lists.counts import number_of
from ..merging import merge_tags
from ..models import Category, Listing, Series, Tag
from .addresses import AddressedAdmin

MAX_MERGED = 100


class CountedAdmin(AddressedAdmin):
    """A subject, and how many posts stand in its list."""

    list_per_page = 50
    kind: Listing.Kind

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).annotate(listed_posts=number_of(self.kind))

    def get_trash(self, request: HttpRequest) -> QuerySet:
        return super().get_trash(request).annotate(listed_posts=number_of(self.kind))

    @admin.display(description=gettext_lazy("posts"), ordering="listed_posts")
    def number_of_posts(self, subject: Any) -> int:
        return subject.listed_posts


@admin.register(Category)
class CategoryAdmin(CountedAdmin):
    kind = Listing.Kind.CATEGORY
    slug_source = "name"
    fields = ["name", "slug", "description", "parent"]
    list_display = ["name", "parent", "number_of_posts"]
    list_select_related = ["parent"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["parent"]
    ordering = ["name", "pk"]


@admin.register(Series)
class SeriesAdmin(CountedAdmin):
    kind = Listing.Kind.SERIES
    fields = ["title", "slug", "description"]
    list_display = ["title", "number_of_posts"]
    search_fields = ["title", "slug"]
    ordering = ["title", "pk"]


class MergeForm(forms.Form):
    kept = forms.ModelChoiceField(
        Tag.objects.none(),
        label=gettext_lazy("Keep this one"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the tag that stays.")},
    )


class TagForm(forms.ModelForm):
    class Meta:
        model = Tag
        fields = ["name", "slug"]

    def clean_name(self) -> str:
        name = Tag.normalise(self.cleaned_data["name"])
        if Tag.objects.filter(key=Tag.key_for(name)).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is such a tag already. To make one of two, merge them."), "name_taken")
        return name


@admin.register(Tag)
class TagAdmin(CountedAdmin):
    kind = Listing.Kind.TAG
    slug_source = "name"
    form = TagForm
    list_display = ["name", "slug", "number_of_posts"]
    search_fields = ["name", "slug"]
    ordering = ["name", "pk"]
    actions = ["merge_selected", *CountedAdmin.actions]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_delete_permission(request)

    @admin.action(description=gettext_lazy("Merge …"), permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        """Ask which tag stays; then its posts are those of all."""
        tags = list(queryset[:MAX_MERGED])
        if len(tags) < 2:
            self.message_user(request, _("Choose two tags or more to merge."), messages.WARNING)
            return None
        form = MergeForm(request.POST if "confirmed" in request.POST else None)
        form.fields["kept"].queryset = Tag.objects.filter(pk__in=[tag.pk for tag in tags])
        if form.is_valid():
            return self.merge(request, form.cleaned_data["kept"], tags)
        context = self.page_context(request, _("Merge tags"), tags=tags, form=form)
        return TemplateResponse(request, "admin/posts/merge_tags.html", context)

    def merge(self, request: HttpRequest, kept: Tag, tags: list[Tag]) -> None:
        merged = [tag for tag in tags if tag != kept]
        merge_tags(kept, merged)
        names = ", ".join(tag.name for tag in merged)
        self.log_step(request, kept, _("Merged with %(names)s.") % {"names": names})
        text = _("All these posts have the tag “%(name)s” now. The others are in the trash.") % {"name": kept}
        self.message_user(request, text, messages.SUCCESS)
