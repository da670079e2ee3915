"""What there is to find on the site, for search engines: https://www.sitemaps.org/protocol.html

The index lists parts, each of which holds what is listed among `SIZE` ids in a row. So a part costs the same however
many there are, and keeps its place when rows come and go. The index finds the next part that holds anything, with the
last change in it, by jumps in an index of the database: it never walks through the posts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from itertools import chain
from typing import Any, NamedTuple, Self
from xml.sax.saxutils import escape, quoteattr

from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import BigIntegerField, DateTimeField, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Greatest
from django.urls import reverse

from .addresses import Whole
from .feeds.documents import rfc3339
from .models import Author, Category, Page, Post, Series, SiteSettings, Tag
from .models.blocks import SIZE, Block
from .subjects import with_posts
from .translations import Version, versions_of_many

# Search engines read no more of a page: https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps
MAX_IMAGES = 1000

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
_IMAGE = re.compile(r'<img\b[^<>]*?\ssrc="([^"]+)"')


@dataclass(frozen=True)
class Entry:
    """A page to be found; its addresses and those of its pictures and versions (by language) have no host yet."""

    url: str
    changed_at: datetime | None = None
    images: list[str] = field(default_factory=list)
    versions: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A part of the sitemap; `changed_at` is None where no index of the database tells it."""

    kind: str
    number: int
    changed_at: datetime | None = None

    @property
    def url(self) -> str:
        return reverse("posts:sitemap_part", args=[self.kind, self.number])


def parts() -> list[Part]:
    """Every part that holds anything, in their order. One query, however many there are."""
    walks = [_posts_walk(), *(_walk(kind) for kind in ROWS)]
    steps = ", ".join(walk.steps for walk in walks)
    found = " UNION ALL ".join(walk.found for walk in walks)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE {steps} {found}",
            [*chain(*(walk.stepping for walk in walks)), *chain(*(walk.finding for walk in walks))],
        )
        rows = sorted(cursor.fetchall())
    return [Part("site", 0), *(Part(KINDS[kind], number, _moment(changed_at)) for kind, number, changed_at in rows)]


class Walk(NamedTuple):
    """SQL with parameters: a table of a part after the other, and a query for kind, number and last change of each."""

    steps: str
    stepping: tuple[Any, ...]
    found: str
    finding: tuple[Any, ...]

    @classmethod
    def of(cls, kind: str, following: QuerySet, number: str, changed_at: QuerySet | None = None) -> Self:
        """`following` is the next after the part of this moment, of which SQL makes a number."""
        table = _table(kind)
        step, stepping = following.query.sql_with_params()
        change, finding = changed_at.query.sql_with_params() if changed_at is not None else ("NULL", ())
        return cls(
            f"{table} (number) AS (SELECT CAST(-1 AS bigint) UNION ALL "  # noqa: S608 -- all of it is ours
            f"SELECT {number.format(f'({step})')} FROM {table} WHERE number IS NOT NULL)",
            stepping,
            f"SELECT {KINDS.index(kind)}, number, ({change}) FROM {table} WHERE number >= 0",  # noqa: S608
            finding,
        )


def _table(kind: str) -> str:
    return f"parts_of_{kind}"


def _posts_walk() -> Walk:
    """Even the first step names a block: without one, SQLite would read and sort all posts.

    The plus takes from the number that it is a column of integers, which SQLite would not look up in an index of
    something calculated: https://www.sqlite.org/datatype3.html#type_conversions_prior_to_comparison
    """
    number = RawSQL(f"+{_table('posts')}.number", (), BigIntegerField())  # noqa: S611 -- a name of our own
    posts = Post.published.listed().annotate(block=Block("id"), changed_at=Greatest("publish_at", "updated_at"))
    following = posts.filter(block__gt=number).order_by("block").values("block")[:1]
    changes = posts.filter(block=number).order_by("-changed_at").values("changed_at")[:1]
    return Walk.of("posts", following, "{}", changes)


def _walk(kind: str) -> Walk:
    first = RawSQL(f"({_table(kind)}.number + 1) * {SIZE}", (), BigIntegerField())  # noqa: S611 -- as above
    return Walk.of(kind, ROWS[kind]().filter(pk__gte=first).order_by("pk").values("pk")[:1], f"{{}} / {SIZE}")


def _moment(found: Any) -> datetime | None:
    """What a query without a model gives for a moment; text on SQLite."""
    expression = Value(None, DateTimeField())
    for convert in connection.ops.get_db_converters(expression):
        found = convert(found, expression, connection)
    return found


# The tag of a single post has a thin page; see templates/_partials/list_head.html.
ROWS: dict[str, Callable[[], QuerySet]] = {
    "pages": Page.published.all,
    "categories": lambda: with_posts(Category),
    "tags": lambda: with_posts(Tag, at_least=2),
    "authors": lambda: with_posts(Author),
    "series": lambda: with_posts(Series),
}
# The pages that every site has, by the names of their views.
SITE = ("home", "archive", "tags", "feeds")
KINDS = ("site", "posts", *ROWS)


def entries(kind: str, number: int, site: SiteSettings) -> list[Entry]:
    """What a part holds; nothing for a part that there is not."""
    if kind == "site":
        return [Entry(reverse(f"posts:{name}")) for name in SITE] if number == 0 else []
    block = Q(pk__gte=number * SIZE, pk__lt=(number + 1) * SIZE)
    if kind == "posts":
        return post_entries(Post.published.listed().filter(block), site)
    rows = ROWS[kind]().filter(block).order_by("pk")
    if kind == "pages":
        return page_entries(rows, site)
    return [Entry(row.get_absolute_url()) for row in rows]


def post_entries(posts: QuerySet[Post], site: SiteSettings) -> list[Entry]:
    wanted = ("slug", "publish_at", "updated_at", "language", "translation_key", "body_html", "cover")
    rows = list(posts.select_related("cover").only(*wanted).order_by("pk"))
    versions = versions_of_many(rows, site.language)
    return [
        Entry(
            post.get_absolute_url(),
            max(filter(None, (post.publish_at, post.updated_at))),
            images_of(post.body_html, [post.cover.file.url] if post.cover else []),
            alternates(versions.get(post.translation_key) if post.translation_key else None),
        )
        for post in rows
    ]


def page_entries(pages: QuerySet[Page], site: SiteSettings) -> list[Entry]:
    rows = list(pages.only("slug", "updated_at", "language", "translation_key", "body_html"))
    versions = versions_of_many(rows, site.language)
    return [
        Entry(
            page.get_absolute_url(),
            page.updated_at,
            images_of(page.body_html),
            alternates(versions.get(page.translation_key) if page.translation_key else None),
        )
        for page in rows
    ]


def alternates(versions: list[Version] | None) -> list[tuple[str, str]]:
    """The address of each version by its language, and once more of the one for all other languages."""
    named = [(version.language, version.url) for version in versions or []]
    return named + [("x-default", version.url) for version in versions or [] if version.is_default]


def images_of(html: str, first: Iterable[str] = ()) -> list[str]:
    """The pictures of ours in a rendered text, each once, with others before them."""
    root = default_storage.url("")
    own = (src for src in map(unescape, _IMAGE.findall(html)) if src.startswith(root))
    return list(dict.fromkeys([*first, *own]))[:MAX_IMAGES]


def index_xml(found: Iterable[Part], whole: Whole) -> str:
    rows = (f"<sitemap>{loc(part.url, whole)}{lastmod(part.changed_at)}</sitemap>\n" for part in found)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<sitemapindex xmlns="{NAMESPACE}">\n{"".join(rows)}</sitemapindex>\n'
    )


def part_xml(found: Iterable[Entry], whole: Whole) -> str:
    namespaces = f'xmlns="{NAMESPACE}" xmlns:xhtml="{XHTML}" xmlns:image="{IMAGES}"'
    rows = "".join(entry_xml(entry, whole) for entry in found)
    return f'<?xml version="1.0" encoding="utf-8"?>\n<urlset {namespaces}>\n{rows}</urlset>\n'


def entry_xml(entry: Entry, whole: Whole) -> str:
    versions = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(whole(url))}/>'
        for language, url in entry.versions
    )
    images = "".join(f"<image:image><image:loc>{escape(whole(url))}</image:loc></image:image>" for url in entry.images)
    return f"<url>{loc(entry.url, whole)}{lastmod(entry.changed_at)}{versions}{images}</url>\n"


def loc(url: str, whole: Whole) -> str:
    return f"<loc>{escape(whole(url))}</loc>"


def lastmod(moment: datetime | None) -> str:
    return f"<lastmod>{rfc3339(moment)}</lastmod>" if moment else ""
