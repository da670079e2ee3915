"""What a reader may have looked for at an address that holds nothing.

Told by what is listed alone, so that an address that holds something hidden gets the answer of any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import unquote

from django.db.models import DateTimeField, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone

from ..addresses import Link, path_to
from ..compiled import Compiled
from ..managers import PostQuerySet
from ..models import Author, Category, Listing, Page, Post, Series, Tag
from ..pagination import IN_LIST
from ..search import near
from ..slugs import slugify
from ..subjects import with_posts
from .around import PostLink

MAX_POSTS = 5
MAX_PLACES = 5
BEGINNING, NEWEST = "beginning", "newest"
MAX_SEGMENTS = 4
MAX_SEGMENT = 150
SHORTEST_BEGINNING = 4

EXTENSION = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE | re.ASCII)
DATE = re.compile(r"^\d{4}-\d{1,2}-\d{1,2}-|^[\d-]+$", re.ASCII)
# What addresses are made of beside the name of what they lead to, here and on the blogs that people move from.
FRAME = {
    *("amp", "archive", "archives", "article", "articles", "author", "blog", "categories", "category", "comments"),
    *("feed", "index", "page", "post", "posts", "series", "tag", "tags", "topics"),
}


@dataclass(frozen=True)
class Guess:
    """The words of the address, the posts and the other pages that it may have meant; the newest posts if none."""

    words: str
    posts: Sequence[PostLink]
    places: list[Link]
    newest: list[PostLink]


def guess(path: str, languages: Sequence[str] | None = None) -> Guess:
    """One query, and a search among titles where no slug goes on like this, however long the path is."""
    slugs = slugs_in(path)
    names = [slug for slug in slugs if slug not in FRAME]
    words = names[-1].replace("-", " ") if names else ""
    found = ask(slugs, names[-1] if names else "")
    alike = (found.beginning or near(words, MAX_POSTS, languages)) if names else []
    return Guess(words, alike, found.places, [] if alike else found.newest)


def slugs_in(path: str) -> list[str]:
    """The slugs that the last parts of an address may have meant."""
    segments = [segment[:MAX_SEGMENT] for segment in unquote(path).rstrip("/").split("/")[-MAX_SEGMENTS:]]
    slugs = [DATE.sub("", slugify(EXTENSION.sub("", segment))) for segment in segments]
    return [slug for slug in slugs if slug]


class Found(NamedTuple):
    """The posts whose slug is a given one, or goes on; the newest posts; and other pages of some slugs."""

    beginning: list[PostLink]
    newest: list[PostLink]
    places: list[Link]


def ask(slugs: list[str], start: str) -> Found:
    """By one query. Too short a beginning is that of too many slugs."""
    values: dict[str, Any] = {"moment": timezone.now()}
    if slugs:
        values["slugs"] = slugs
    if len(start) >= SHORTEST_BEGINNING:
        values["start"] = start
    posts: dict[str, list[PostLink]] = {BEGINNING: [], NEWEST: []}
    places = []
    for view, *link in _all.rows(**values):
        post = PostLink(*link)
        if view in posts:
            posts[view].append(post)
        else:
            places.append((view, post.slug, post.title))
    beginning = sorted((post for post in posts[BEGINNING] if post.slug.startswith(start)), key=attrgetter("slug"))
    newest = sorted(posts[NEWEST], key=attrgetter("publish_at", "pk"), reverse=True)
    links = [Link(name, path_to(view, slug)) for view, slug, name in sorted(places)[:MAX_PLACES]]
    return Found(beginning, newest, links)


def _query(moment: Any, slugs: list[Any] | None = None, start: Any = None) -> QuerySet[Any, Any]:
    newest = Post.all_objects.in_list(Listing.Kind.SITE, 0, moment).order_by(*IN_LIST.newest_first)
    found = [_few(newest, NEWEST)]
    if start is not None:
        # In the order of slugs, which an index holds, they stand next.
        found.append(_few(Post.all_objects.listed(moment).filter(slug__gte=start).order_by("slug"), BEGINNING))
    if slugs:
        named: dict[str, tuple[str, Any]] = {
            "posts:page": ("title", Page.published.all()),
            "posts:category": ("name", Category.objects.all()),
            "posts:tag": ("name", with_posts(Tag, moment=moment)),
            "posts:author": ("display_name", with_posts(Author, moment=moment)),
            "posts:series": ("title", with_posts(Series, moment=moment)),
        }
        found += [_place(rows.filter(slug__in=slugs), view, name) for view, (name, rows) in named.items()]
    return found[0].union(*found[1:], all=True).order_by()


def _few(posts: PostQuerySet, kind: str) -> QuerySet[Any, Any]:
    some = Post.all_objects.order_by().filter(pk__in=posts.values("pk")[:MAX_POSTS])
    return some.values_list(Value(kind), *PostLink._fields)


def _place(rows: QuerySet[Any], view: str, name: str) -> QuerySet[Any, Any]:
    never = Cast(Value(None), DateTimeField())
    return rows.order_by().values_list(Value(view), "pk", name, "slug", Value(""), never)


_all = Compiled(Post, _query)
