from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import template
from django.contrib import admin

from posts.admin import desk
from posts.models import Author

if TYPE_CHECKING:
    from posts.admin.author import AuthorAdmin

register = template.Library()

APPS = ["posts", "comments"]
MODELS = [
    "Post",
    "Page",
    "Category",
    "Tag",
    "Series",
    "Author",
    "Image",
    "Audio",
    "FeedReading",
    "SiteSettings",
    "Comment",
    "Ban",
]


@register.simple_tag(takes_context=True)
def desk_panels(context: dict[str, Any]) -> list[desk.Panel]:
    return desk.panels(context["request"])


@register.simple_tag(takes_context=True)
def own_profile_url(context: dict[str, Any]) -> str:
    return cast("AuthorAdmin", admin.site.get_model_admin(Author)).own_url(context["request"])


@register.filter
def in_desk_order(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's list of applications, by how often an editor needs them and not by the alphabet."""
    return [
        app | {"models": sorted(app["models"], key=lambda model: place(MODELS, model["object_name"]))}
        for app in sorted(apps, key=lambda app: place(APPS, app["app_label"]))
    ]


def place(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
