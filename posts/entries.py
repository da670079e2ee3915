"""What a list shows of each post, as values: what is drawn of them can be kept for as long as they are the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.http import HttpRequest

from .addresses import Link, path_to
from .compiled import Compiled
from .managers import PostQuerySet
from .models import Author, Category, Image, Post
from .models.image import ShownPicture
from .pagination import Slice, paginate

COLUMNS = (
    "pk",
    "slug",
    "title",
    "language",
    "summary",
    "excerpt",
    "publish_at",
    "comment_count",
    "reading_minutes",
    "author_id",
    "author__display_name",
    "author__slug",
    "cover__file",
    "cover__width",
    "cover__height",
    "cover__moves",
)
CATEGORY, AUTHOR = 0, 1


class Entry(NamedTuple):
    """One post of a list. `teaser` is plain text, and `publish_at` a moment."""

    pk: int
    url: str
    title: str
    language: str
    teaser: str
    publish_at: datetime
    comment_count: int
    reading_minutes: int
    byline: tuple[Link, ...]
    categories: tuple[Link, ...]
    cover: ShownPicture | None


def _links_of(posts: Any) -> QuerySet:
    """The live categories and co-authors of these posts, each kind in its order."""
    categories = Category.objects.order_by().filter(posts__pk__in=posts)
    authors = Author.objects.order_by().filter(co_written__pk__in=posts)
    named = [
        categories.values_list("posts", Value(CATEGORY), "name", "pk", "slug"),
        authors.values_list("co_written", Value(AUTHOR), "display_name", "pk", "slug"),
    ]
    return named[0].union(named[1], all=True).order_by("name", "pk")


_links = Compiled(Post, _links_of)


def page_of(posts: PostQuerySet, request: HttpRequest, size: int) -> Slice[Entry]:
    """The page of them that the request asks for (see `posts.pagination`)."""
    page = paginate(posts.values_list(*COLUMNS, named=True), request, size)
    return replace(page, rows=tuple(entries_of(page.rows)))


def entries_of(rows: Iterable[tuple[Any, ...]]) -> list[Entry]:
    """Rows of COLUMNS as entries, in their order. One query for what belongs to them, however many they are."""
    listed = list(rows)
    categories: dict[int, list[Link]] = {}
    co_authors: dict[int, list[tuple[int, Link]]] = {}
    for post, kind, name, pk, slug in _links.rows(posts=[row[0] for row in listed]):
        if kind == CATEGORY:
            categories.setdefault(post, []).append(Link(name, path_to("posts:category", slug)))
        else:
            co_authors.setdefault(post, []).append((pk, Link(name, path_to("posts:author", slug))))
    return [_entry(row, co_authors.get(row[0], ()), tuple(categories.get(row[0], ()))) for row in listed]


def _entry(row: tuple[Any, ...], co_authors: Iterable[tuple[int, Link]], categories: tuple[Link, ...]) -> Entry:
    pk, slug, title, language, summary, excerpt, publish_at, comments, minutes, author, name, author_slug, *cover = row
    others = (link for co_author, link in co_authors if co_author != author)
    return Entry(
        pk=pk,
        url=path_to("posts:post", slug),
        title=title,
        language=language,
        teaser=summary or excerpt,
        publish_at=publish_at,
        comment_count=comments,
        reading_minutes=minutes,
        byline=(Link(name, path_to("posts:author", author_slug)), *others),
        categories=categories,
        cover=Image.shown_as(*cover) if cover[0] else None,
    )
