from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from ..forms import AuthorForm
from ..models import Author
from .addresses import AddressedAdmin


@admin.register(Author)
class AuthorAdmin(AddressedAdmin):
    slug_source = "display_name"
    form = AuthorForm
    fields = ["display_name", "slug", "bio", "user", "upload", "upload_token", "remove_picture"]
    list_display = ["display_name", "slug", "account"]
    list_select_related = ["user"]
    search_fields = ["display_name", "slug"]
    autocomplete_fields = ["user"]
    ordering = ["display_name", "pk"]
    list_per_page = 50

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    @admin.display(description=gettext_lazy("account"), ordering="user__username")
    def account(self, author: Author) -> Model | None:
        return author.user
