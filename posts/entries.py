"""What a list shows of each post, as values: what is drawn of them can be kept for as long as they are the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone

from .addresses import Link, path_to
from .compiled import Compiled
from .lists.stretches import TICK
from .managers import PostQuerySet
from .models import Author, Category, Image, Post
from .models.image import ShownPicture
from .pagination import IN_LIST, Position, Slice, cut, paginate, stretch

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


def _listed(limit: int, kind: int, way: str, **given: Any) -> QuerySet:
    """The posts of a list: from `start` to before `end`, but for those that are left `out`, beyond the post `key`."""
    posts = Post.all_objects.in_list(kind, given["subject"], given["moment"])
    if "start" in given:
        posts = posts.placed_within(given["start"], given["end"])
    if "out" in given:
        posts = posts.exclude(pk__in=given["out"])
    position = Position(given["at"], given["key"]) if "key" in given else None
    return stretch(posts, way, position, IN_LIST).values_list(*COLUMNS)[:limit]


_in_list = Compiled(Post, _listed)


def page_in(
    request: HttpRequest, size: int, kind: int, subject: int = 0, *, out: Sequence[int] = (), period: Any = None
) -> Slice[Entry]:
    """The page of a list (see `models.Listing`) that the request asks for, without the posts that are left `out`.

    `period`, a pair of moments, is from when to before when. Two queries.
    """
    given: dict[str, Any] = {"subject": subject, "moment": timezone.now()}
    if out:
        given["out"] = list(out)
    if period:
        # What is not due yet would be walked past.
        given["start"], given["end"] = period[0], min(period[1], given["moment"] + TICK)

    def find(way: str, position: Position | None, limit: int) -> list[Entry]:
        place = {"at": position.moment, "key": position.pk} if position else {}
        return entries_of(_in_list.rows(limit, kind, way, **given, **place))

    page = cut(find, request, size)
    return replace(page, rows=tuple(page.rows))


def _pinned(limit: int, moment: Any) -> QuerySet:
    return Post.all_objects.listed(moment).pinned(moment).newest_first().values_list(*COLUMNS)[:limit]


_pins = Compiled(Post, _pinned)


def pinned(limit: int) -> list[Entry]:
    """What the home page keeps on top, the newest first. Two queries."""
    return entries_of(_pins.rows(limit, moment=timezone.now()))


def page_of(posts: PostQuerySet, request: HttpRequest, size: int) -> Slice[Entry]:
    """The same of any posts in the order of a list (see `PostQuerySet.in_list()`)."""
    page = paginate(posts.values_list(*COLUMNS, named=True), request, size, IN_LIST)
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
