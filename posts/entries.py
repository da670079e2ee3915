"""What a list shows of each post, as values: what is drawn of them can be kept for as long as they are the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone

from .addresses import Link, path_to
from .compiled import Compiled
from .lists.stretches import TICK
from .managers import PostQuerySet
from .models import Author, Category, Image, Listing, Post
from .models.image import ShownPicture
from .pagination import AFTER, IN_LIST, Position, Slice, cut, paginate, stretch


class Row(NamedTuple):
    """What is read of each post."""

    pk: int
    slug: str
    title: str
    language: str
    summary: str
    excerpt: str
    publish_at: datetime
    comment_count: int
    reading_minutes: int
    author_id: int
    author_display_name: str
    author_slug: str
    cover_file: str
    cover_width: int
    cover_height: int
    cover_moves: bool


COLUMNS = tuple(re.sub("^(author|cover)_(?!id)", r"\1__", name) for name in Row._fields)
CATEGORY, AUTHOR = 0, 1

# Of entries, by all that they are made of.
MAX_KEPT = 2000


class Belonging(NamedTuple):
    """A category or a co-author of a post."""

    kind: int
    name: str
    pk: int
    slug: str


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
    """The posts of a list: from `start`, to before `end`, but for those that are left `out`, beyond the post `key`."""
    posts = Post.all_objects.in_list(kind, given["subject"], given["moment"])
    posts = posts.placed_within(given.get("start"), given.get("end"))
    if "out" in given:
        posts = posts.exclude(pk__in=given["out"])
    position = Position(given["at"], given["key"]) if "key" in given else None
    return stretch(posts, way, position, IN_LIST).values_list(*COLUMNS)[:limit]


_in_list = Compiled(Post, _listed)


def page_in(request: HttpRequest, size: int, kind: int, subject: int = 0, *, period: Any = None) -> Slice[Entry]:
    """The page of a list (see `models.Listing`) that the request asks for; `period` is from when to before when.

    Two queries.
    """
    page = _rows_in(request, size, kind, subject, period=period)
    return _with_entries(page, entries_of(page.rows))


def _rows_in(
    request: HttpRequest, size: int, kind: int, subject: int = 0, *, out: Sequence[int] = (), period: Any = None
) -> Slice[Row]:
    given: dict[str, Any] = {"subject": subject, "moment": timezone.now()}
    if out:
        given["out"] = list(out)
    # What is not due yet would be walked past.
    bounds = {"start": period[0], "end": min(period[1], given["moment"] + TICK)} if period else {}

    def find(way: str, position: Position | None, limit: int) -> list[Row]:
        where = _beyond(position, way, **bounds) if position else bounds
        return list(map(Row._make, _in_list.rows(limit, kind, way, **given, **where)))

    return cut(find, request, size)


def _beyond(position: Position, way: str, start: datetime | None = None, end: datetime | None = None) -> dict[str, Any]:
    """What lies beyond a position in a period, with one bound on either side.

    Of more bounds than these SQLite concludes that few rows lie between them, and sorts all of the period.
    """
    if way == AFTER:
        position = max(position, Position(start, 0)) if start else position
        bounds = {"end": end} if end else {}
    else:
        position = min(position, Position(end, 0)) if end else position
        bounds = {"start": start} if start else {}
    return {"at": position.moment, "key": position.pk, **bounds}


def _pinned(limit: int, moment: Any) -> QuerySet:
    return Post.all_objects.listed(moment).pinned(moment).newest_first().values_list(*COLUMNS)[:limit]


_pins = Compiled(Post, _pinned)


def page_below_pins(request: HttpRequest, size: int, most: int) -> tuple[Sequence[Entry], Slice[Entry]]:
    """What the home page keeps on top, the newest first, and a page of all else. Three queries."""
    pins = list(map(Row._make, _pins.rows(most, moment=timezone.now())))
    page = _rows_in(request, size, Listing.Kind.SITE, out=[pin.pk for pin in pins])
    entries = entries_of([*pins, *page.rows])
    return entries[: len(pins)], _with_entries(page, entries[len(pins) :])


def page_of(posts: PostQuerySet, request: HttpRequest, size: int) -> Slice[Entry]:
    """The same as `page_in` of any posts in the order of a list (see `PostQuerySet.in_list()`)."""
    page = paginate(posts.values_list(*COLUMNS, named=True), request, size, IN_LIST)
    return _with_entries(page, entries_of(page.rows))


def _with_entries(page: Slice[Any], entries: Sequence[Entry]) -> Slice[Entry]:
    return Slice(entries, page.older, page.newer, page.is_first)


def entries_of(rows: Iterable[tuple[Any, ...]]) -> tuple[Entry, ...]:
    """Rows of COLUMNS as entries, in their order. One query for what belongs to them, however many they are."""
    listed = list(map(Row._make, rows))
    belongings: dict[int, list[Belonging]] = {row.pk: [] for row in listed}
    for post, *belonging in _links.rows(posts=list(belongings)):
        belongings[post].append(Belonging(*belonging))
    prefix = get_script_prefix()
    return tuple([_entry(prefix, row, tuple(belongings[row.pk])) for row in listed])


@lru_cache(maxsize=MAX_KEPT)
def _entry(_prefix: str, row: Row, belongings: tuple[Belonging, ...]) -> Entry:
    def links(kind: int, view: str) -> Iterator[Link]:
        """To what belongs to the post, without the author, who may be called a co-author as well."""
        for one in belongings:
            if one.kind == kind and (kind, one.pk) != (AUTHOR, row.author_id):
                yield Link(one.name, path_to(view, one.slug))

    author = Link(row.author_display_name, path_to("posts:author", row.author_slug))
    cover = row.cover_file, row.cover_width, row.cover_height, row.cover_moves
    return Entry(
        pk=row.pk,
        url=path_to("posts:post", row.slug),
        title=row.title,
        language=row.language,
        teaser=row.summary or row.excerpt,
        publish_at=row.publish_at,
        comment_count=row.comment_count,
        reading_minutes=row.reading_minutes,
        byline=(author, *links(AUTHOR, "posts:author")),
        categories=tuple(links(CATEGORY, "posts:category")),
        cover=Image.shown_as(*cover) if row.cover_file else None,
    )
