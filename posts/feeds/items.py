"""From a post to an item of a feed: read as values, and made once for the same values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.files.storage import default_storage
from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import markup
from ..addresses import path_to, whole_address
from ..compiled import Compiled
from ..files.images import EXTENSIONS
from ..models import Author, Category, Post, Tag
from ..pagination import IN_LIST, Position, stretch
from .documents import Enclosure, Item, Person, Picture, Term
from .elements import MAX_KEPT, MAX_KEPT_TEXT

MEDIA_TYPES = {extension: f"image/{format_.lower()}" for format_, extension in EXTENSIONS.items()}

CATEGORY, TAG, AUTHOR = "category", "tag", "author"


class Cover(NamedTuple):
    file: str | None
    width: int
    height: int
    own_alt: str
    alt: str


class Recording(NamedTuple):
    file: str | None
    media_type: str
    size: int
    title: str
    seconds: int | None


class Row(NamedTuple):
    """What feeds show of a post, by the names of its columns."""

    pk: int
    guid: str
    slug: str
    title: str
    language: str
    summary: str
    excerpt: str
    body_html: str
    publish_at: datetime
    updated_at: datetime
    author_id: int
    author__display_name: str
    author__slug: str
    cover__file: str | None
    cover__width: int
    cover__height: int
    cover_alt: str
    cover__alt: str
    audio__file: str | None
    audio__media_type: str
    audio__size: int
    audio__title: str
    audio__seconds: int | None

    @property
    def cover(self) -> Cover:
        return Cover(self.cover__file, self.cover__width, self.cover__height, self.cover_alt, self.cover__alt)

    @property
    def audio(self) -> Recording:
        return Recording(
            self.audio__file, self.audio__media_type, self.audio__size, self.audio__title, self.audio__seconds
        )


class Named(NamedTuple):
    """What belongs to a post: a category, a tag or a co-author."""

    kind: str
    name: str
    pk: int
    slug: str


class Around(NamedTuple):
    """What an item shows besides its post: where the site is, its language, and whether feeds carry whole texts."""

    origin: str
    language: str
    full_text: bool


def _belonging(posts: Any) -> QuerySet:
    categories = Category.objects.order_by().filter(posts__pk__in=posts)
    tags = Tag.objects.order_by().filter(items__content_object__pk__in=posts)
    authors = Author.objects.order_by().filter(co_written__pk__in=posts)
    named = [
        categories.values_list("posts", Value(CATEGORY), "name", "pk", "slug"),
        tags.values_list("items__content_object", Value(TAG), "name", "pk", "slug"),
        authors.values_list("co_written", Value(AUTHOR), "display_name", "pk", "slug"),
    ]
    return named[0].union(*named[1:], all=True).order_by("name", "pk")


def _newest(limit: int, kind: int, way: str, **given: Any) -> QuerySet:
    posts = Post.all_objects.in_feed(kind, given["subject"], given["moment"])
    position = Position(given["at"], given["key"]) if "key" in given else None
    return stretch(posts, way, position, IN_LIST).values_list(*Row._fields)[:limit]


_posts = Compiled(Post, _newest)
_named = Compiled(Post, _belonging)


def find(kind: int, subject: int, way: str, position: Position | None, limit: int) -> list[Row]:
    """The posts in the feed of a list, as `posts.pagination.cut` asks for them. One query."""
    place = {"at": position.moment, "key": position.pk} if position else {}
    return [Row(*row) for row in _posts.rows(limit, kind, way, subject=subject, moment=timezone.now(), **place)]


def items_of(rows: Iterable[Row], around: Around) -> list[Item]:
    """One query for what belongs to the posts."""
    listed = list(rows)
    named: dict[int, list[Named]] = {}
    for post, *values in _named.rows(posts=[row.pk for row in listed]):
        named.setdefault(post, []).append(Named(*values))
    return [item_of(row, tuple(named.get(row.pk, ())), around) for row in listed]


def item_of(row: Row, named: tuple[Named, ...], around: Around) -> Item:
    size = size_of(row.cover.file) if row.cover.file else 0
    make = _item if len(row.body_html) <= MAX_KEPT_TEXT else _item.__wrapped__
    return make(row, named, size, around)


@lru_cache(maxsize=MAX_KEPT)
def _item(row: Row, named: tuple[Named, ...], cover_size: int, around: Around) -> Item:
    url = whole_address(around.origin, path_to("posts:post", row.slug))
    picture = picture_of(row.cover, cover_size, around.origin) if row.cover.file else None
    others = [person for person in named if person.kind == AUTHOR and person.pk != row.author_id]
    categories = [term for term in named if term.kind == CATEGORY]
    # In the order in which they came up, which no edit of the post changes.
    tags = sorted((term for term in named if term.kind == TAG), key=attrgetter("pk"))
    return Item(
        guid=row.guid,
        url=url,
        title=row.title,
        published=row.publish_at,
        updated=max(row.updated_at, row.publish_at),
        authors=tuple(
            person_of(name, slug, around.origin)
            for name, slug in [(row.author__display_name, row.author__slug), *((one.name, one.slug) for one in others)]
        ),
        summary=row.summary or row.excerpt,
        content=content_of(row.body_html, picture, url) if around.full_text else "",
        language="" if row.language == around.language else row.language,
        terms=tuple(term_of(term, around.origin) for term in [*categories, *tags]),
        picture=picture,
        audio=audio_of(row.audio, around.origin) if row.audio.file else None,
    )


def content_of(html: str, picture: Picture | None, url: str) -> str:
    """The text with whole addresses, below its cover, which the page shows apart from it."""
    text = markup.for_feed(html, url)
    return f"{cover_of(picture)}\n{text}" if picture else text


def cover_of(picture: Picture) -> SafeString:
    return format_html(
        '<figure><img src="{}" alt="{}" width="{}" height="{}"></figure>',
        picture.url,
        picture.alt,
        picture.width,
        picture.height,
    )


def person_of(name: str, slug: str, origin: str) -> Person:
    return Person(name, whole_address(origin, path_to("posts:author", slug)))


def term_of(term: Named, origin: str) -> Term:
    url = whole_address(origin, path_to(f"posts:{term.kind}", term.slug))
    # Where all categories, or all tags, have their addresses.
    scheme = url.rstrip("/").rpartition("/")[0] + "/"
    return Term(term.name, term.slug, scheme)


def picture_of(cover: Cover, size: int, origin: str) -> Picture:
    file = str(cover.file)
    return Picture(
        url=whole_address(origin, default_storage.url(file)),
        media_type=MEDIA_TYPES.get(file.rpartition(".")[2], "application/octet-stream"),
        size=size,
        width=cover.width,
        height=cover.height,
        alt=cover.own_alt or cover.alt,
    )


def size_of(file: str) -> int:
    """In bytes; 0 for a file that is not there."""
    try:
        return default_storage.size(file)
    except OSError:
        return 0


def audio_of(audio: Recording, origin: str) -> Enclosure:
    return Enclosure(
        url=whole_address(origin, default_storage.url(str(audio.file))),
        media_type=audio.media_type,
        size=audio.size,
        title=audio.title,
        seconds=audio.seconds,
    )
