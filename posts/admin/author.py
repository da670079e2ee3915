"""The public profiles: editors keep them all, and whoever writes keeps their own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from .. import forms as desk
from ..models import Author
from .addresses import AddressedAdmin
from .image import thumbnail_of

FOR_EDITORS = ("slug", "user")


def own_profile(request: HttpRequest) -> Author | None:
    """The profile of whoever asks, in the trash or not."""
    return getattr(request.user, "author", None)


@admin.register(Author)
class AuthorAdmin(AddressedAdmin):
    slug_source = "display_name"
    form = desk.AuthorForm
    fields = ["display_name", "slug", "bio", "user", "portrait", "upload", "upload_token", "remove_picture"]
    readonly_fields = ["portrait"]
    list_display = ["display_name", "slug", "account"]
    list_select_related = ["user"]
    search_fields = ["display_name", "slug"]
    autocomplete_fields = ["user"]
    ordering = ["display_name", "pk"]
    list_per_page = 50

    # --- Rights ------------------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        is_own = obj is not None and not obj.is_trashed and obj == own_profile(request)
        return is_own or super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        may_begin_own = own_profile(request) is None and request.user.has_perm("posts.add_post")
        return super().has_add_permission(request) or may_begin_own

    def own_url(self, request: HttpRequest) -> str:
        """Where who asks mends their profile, or begins it; "" for whom there is nothing to do."""
        if own := own_profile(request):
            return "" if own.is_trashed else self.url("change", own.pk)
        return self.url("add") if self.has_add_permission(request) else ""

    # --- The form ----------------------------------------------------------------------------------------------------

    def get_fields(self, request: HttpRequest, obj: Author | None = None) -> list[str]:
        left_out = () if request.user.has_perm("posts.change_author") else FOR_EDITORS
        return [name for name in self.fields if name not in left_out and (obj or name != "portrait")]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        mine = {} if own_profile(request) else {"user": request.user.pk}
        return {**mine, **super().get_changeform_initial_data(request)}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def save_model(self, request: HttpRequest, obj: Author, form: Any, change: bool) -> None:
        if not change and "user" not in form.fields:
            obj.user = request.user
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("picture"))
    def portrait(self, author: Author) -> str | None:
        return thumbnail_of(author.picture) if author.picture else None

    @admin.display(description=gettext_lazy("account"), ordering="user__username")
    def account(self, author: Author) -> Model | None:
        return author.user
