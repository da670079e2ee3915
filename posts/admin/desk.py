"""What waits on the desk's first page. Each application registers panels of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from ..models import Post
from .states import moment_in_words

ROWS = 5


class Row(NamedTuple):
    title: str
    url: str
    note: str = ""


@dataclass
class Panel:
    title: str
    empty: str
    url: str = ""
    rows: list[Row] = field(default_factory=list)
    waits: bool = True
    """Whether there is something to do here; what is only to be looked at stands last."""


Maker = Callable[[HttpRequest], Panel | None]
"""Makes a panel for whoever asks, or none where it is not their business."""

_makers: list[Maker] = []


def register(maker: Maker) -> Maker:
    _makers.append(maker)
    return maker


def panels(request: HttpRequest) -> list[Panel]:
    made = [panel for maker in _makers if (panel := maker(request))]
    return sorted(made, key=lambda panel: not panel.waits)


def posts_of(request: HttpRequest) -> tuple[admin.ModelAdmin, str] | None:
    """The posts' own desk and the address of its list, for whoever works there."""
    desk = admin.site.get_model_admin(Post)
    return (desk, reverse("admin:posts_post_changelist")) if desk.has_change_permission(request) else None


@register
def drafts(request: HttpRequest) -> Panel | None:
    if not (found := posts_of(request)):
        return None
    desk, address = found
    posts = desk.get_queryset(request).drafts().order_by("-updated_at", "-pk")
    rows = [
        Row(post.title, reverse("admin:posts_post_change", args=[post.pk]), _("%s ago") % timesince(post.updated_at))
        for post in posts.only("title", "updated_at")[:ROWS]
    ]
    return Panel(_("Drafts to finish"), _("No draft is waiting."), f"{address}?state=draft", rows)


@register
def scheduled(request: HttpRequest) -> Panel | None:
    if not (found := posts_of(request)):
        return None
    desk, address = found
    posts = desk.get_queryset(request).scheduled().order_by("publish_at", "pk")
    rows = [
        Row(post.title, reverse("admin:posts_post_change", args=[post.pk]), moment_in_words(post.publish_at))
        for post in posts.only("title", "publish_at")[:ROWS]
    ]
    return Panel(_("Scheduled next"), _("Nothing is scheduled."), f"{address}?state=scheduled", rows)
