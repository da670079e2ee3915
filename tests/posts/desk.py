"""What the tests of the desk share: people at it, and the form that they send."""

from __future__ import annotations

import io
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow

from posts.models import Author, Post, SiteSettings
from tests.factories import make_author, make_staff


def log_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_writer(name: str, group: str = "Author") -> tuple[Client, Author]:
    """Someone who writes under `name`: a client that is logged in, and the profile."""
    first, _, last = name.partition(" ")
    user = make_staff(group=group, first_name=first, last_name=last)
    return log_in(user), make_author(name, user=user)


def change_url(row: Any, view: str = "change") -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{view}", args=[row.pk])


ADD_POST = "/admin/posts/post/add/"
POSTS = "/admin/posts/post/"


def form_of(post: Post | None = None, /, **overrides: Any) -> dict[str, Any]:
    """What a browser sends for a post that nobody has touched; an override of None leaves a field out."""
    post = post or Post(title="Untouched", body="Words.")
    fields = {
        "title": post.title,
        "slug": post.slug,
        "body": post.body,
        "version": post.version,
        "summary": post.summary,
        "tags": ", ".join(tag.name for tag in post.tags.all()) if post.pk else "",
        "categories": [category.pk for category in post.categories.all()] if post.pk else [],
        "author": post.author_id or "",
        "publish_at": local(post.publish_at),
        "unpublish_at": local(post.unpublish_at),
        "visibility": post.visibility,
        "comment_policy": post.comment_policy,
        "language": post.language,
        "in_feeds": "on" if post.in_feeds else None,
        **overrides,
    }
    return {name: value for name, value in fields.items() if value is not None}


def local(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


def picture(width: int = 40, height: int = 30, name: str = "boat.png", kind: str = "PNG") -> io.BytesIO:
    file = io.BytesIO()
    Pillow.new("RGB", (width, height), "teal").save(file, kind)
    file.seek(0)
    file.name = name
    return file


def form_of_settings(**overrides: Any) -> dict[str, Any]:
    """What a browser sends for the settings of a new site."""
    site = SiteSettings()
    fields = {field.name: getattr(site, field.name) for field in SiteSettings._meta.fields if field.editable}
    return {name: value for name, value in (fields | overrides).items() if value is not None and value is not False}
