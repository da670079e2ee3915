"""What a reader may have looked for at an address that holds nothing.

Told by what is listed alone, so that an address that holds something hidden gets the answer of any other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from django.db.models import QuerySet, Value
from django.urls import reverse

from ..addresses import Link
from ..models import Author, Category, Page, Post, Series, Tag
from ..search import near
from ..slugs import slugify
from ..subjects import with_posts

MAX_POSTS = 5
MAX_PLACES = 5
MAX_SEGMENTS = 4
MAX_SEGMENT = 150
# Shorter beginnings are those of too many slugs.
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
    posts: list[Post]
    places: list[Link]
    newest: list[Post]


def guess(path: str) -> Guess:
    """Three queries at most, and a search among titles where no slug goes on like this, however long the path is."""
    slugs = slugs_in(path)
    names = [slug for slug in slugs if slug not in FRAME]
    words = names[-1].replace("-", " ") if names else ""
    alike = (beginning_with(names[-1]) or near(words, MAX_POSTS)) if names else []
    newest = [] if alike else list(Post.published.listed().newest_first().for_link()[:MAX_POSTS])
    return Guess(words, alike, places(slugs) if slugs else [], newest)


def slugs_in(path: str) -> list[str]:
    """The slugs that the last parts of an address may have meant."""
    segments = [segment[:MAX_SEGMENT] for segment in unquote(path).rstrip("/").split("/")[-MAX_SEGMENTS:]]
    slugs = [DATE.sub("", slugify(EXTENSION.sub("", segment))) for segment in segments]
    return [slug for slug in slugs if slug]


def beginning_with(slug: str) -> list[Post]:
    """The posts of this slug, or of one that goes on. In the order of slugs, which an index holds, they stand next."""
    if len(slug) < SHORTEST_BEGINNING:
        return []
    following = Post.published.listed().filter(slug__gte=slug).order_by("slug")
    return [post for post in following.for_link()[:MAX_POSTS] if post.slug.startswith(slug)]


def places(slugs: list[str]) -> list[Link]:
    """The pages, categories, tags, authors and series of these slugs, by one query."""
    named: list[tuple[str, str, QuerySet]] = [
        ("posts:page", "title", Page.published.all()),
        ("posts:category", "name", Category.objects.all()),
        ("posts:tag", "name", with_posts(Tag)),
        ("posts:author", "display_name", with_posts(Author)),
        ("posts:series", "title", with_posts(Series)),
    ]
    first, *others = [_named(rows.filter(slug__in=slugs), view, name) for view, name, rows in named]
    found = first.union(*others, all=True).order_by("view", "slug")[:MAX_PLACES]
    return [Link(name, reverse(view, args=[slug])) for view, slug, name in found]


def _named(rows: QuerySet, view: str, name: str) -> QuerySet:
    return rows.order_by().annotate(view=Value(view)).values_list("view", "slug", name)
