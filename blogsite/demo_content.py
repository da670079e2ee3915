"""The demo: a small magazine in the folder `demo`, brought into an empty site as its owner would do it."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from comments.models import Comment
from posts.files import images
from posts.importers.markdown import MarkdownImport, Options
from posts.importers.report import Report
from posts.models import Author, Category, Image, MenuItem, Page, Post, Series, SiteSettings

FOLDER = Path(__file__).parent / "demo"


@transaction.atomic
def load() -> Report | None:
    """Load all of it or nothing. Returns None, and does nothing, when the site has posts already."""
    if Post.all_objects.exists():
        return None
    content = tomllib.loads((FOLDER / "site.toml").read_text(encoding="utf-8"))
    site = content["site"]
    shift = timezone.now().replace(microsecond=0) - site.pop("written_at")
    SiteSettings(**site).save()
    make_authors(content["authors"])
    make_categories(content["categories"])
    for series in content["series"]:
        Series.objects.create(**series)
    report = MarkdownImport(FOLDER / "posts", Options(source="demo", shift=shift)).run()
    make_pages(content["pages"])
    make_menus(content["menu"])
    make_comments(content["comments"])
    return report


def make_authors(authors: list[dict[str, Any]]) -> None:
    """Each with an account that nobody can sign in to: by it, the site knows whose comments are an author's."""
    for fields in authors:
        picture = keep(FOLDER / "images" / fields["picture"])
        user = get_user_model().objects.create_user(fields["slug"], is_active=False)
        Author.objects.create(
            user=user, display_name=fields["name"], slug=fields["slug"], bio=fields["bio"], picture=picture
        )


def keep(path: Path) -> Image:
    with path.open("rb") as file:
        return images.keep(file)


def make_categories(categories: list[dict[str, Any]]) -> None:
    """Parents, named by their slug, come before their children."""
    made: dict[str, Category] = {}
    for fields in categories:
        parent = made[fields["parent"]] if "parent" in fields else None
        made[fields["slug"]] = Category.objects.create(**fields | {"parent": parent})


def make_pages(pages: list[dict[str, Any]]) -> None:
    for fields in pages:
        body = (FOLDER / "pages" / fields.pop("file")).read_text(encoding="utf-8")
        Page.objects.create(**fields, body=body, status=Page.Status.PUBLISHED)


def make_menus(items: list[dict[str, Any]]) -> None:
    """In the order of the file; pages and categories are named by their slugs."""
    for position, fields in enumerate(items):
        if "page" in fields:
            fields["page"] = Page.objects.get(slug=fields["page"])
        if "category" in fields:
            fields["category"] = Category.objects.get(slug=fields["category"])
        MenuItem.objects.create(**fields, position=position)


def make_comments(comments: list[dict[str, Any]]) -> None:
    """Each some days after its post, and none in the future; `reply_to` counts the comments before it."""
    posts = {post.slug: post for post in Post.objects.filter(slug__in=[fields["post"] for fields in comments])}
    accounts = dict(Author.objects.values_list("display_name", "user"))
    made: list[Comment] = []
    for fields in comments:
        post = posts[fields["post"]]
        comment = Comment(
            post=post,
            parent=made[fields["reply_to"]] if "reply_to" in fields else None,
            user_id=accounts.get(fields["author"]),
            author_name=fields["author"],
            body=fields["body"].strip(),
            status=fields["status"],
            reasons=[{"code": code} for code in fields.get("reasons", [])],
            created_at=written_at(post, fields["days"]),
            edited_at=written_at(post, fields["edited"]) if "edited" in fields else None,
        )
        comment.save()
        made.append(comment)
    # Only now: what hangs below a removed comment was written while it was there.
    removed = [comment.pk for comment, fields in zip(made, comments, strict=True) if fields.get("removed")]
    Comment.objects.filter(pk__in=removed).delete()


def written_at(post: Post, days: float) -> datetime:
    now = timezone.now()
    return min((post.publish_at or now) + timedelta(days=days), now)
