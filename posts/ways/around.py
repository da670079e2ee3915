"""What stands around a post: what comes before and after it, what is related to it, and itself in other languages.

All of it is asked by one query, compiled once for each of its few shapes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, FloatField, Func, IntegerField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone

from ..addresses import path_to
from ..compiled import Compiled, Found
from ..managers import PostQuerySet
from ..models import Category, Listing, Post
from ..pagination import AFTER, BEFORE, IN_LIST, Position, stretch
from ..translations import MAX_VERSIONS, Version, versions_among
from .sequences import AROUND, Neighbours, Progress

SHOWN = 4
"""Related posts that a page names."""

BEFORE_IT, AFTER_IT, RELATED, VERSION, PART = range(5)


class PostLink(NamedTuple):
    """A post as a link to it shows it."""

    pk: int
    title: str
    slug: str
    language: str
    publish_at: datetime

    def get_absolute_url(self) -> str:
        return path_to("posts:post", self.slug)


class Row(NamedTuple):
    """`score` is how much it is related. Of a part: where it stands, and how many there are, and before the post."""

    kind: int
    post: PostLink
    score: float
    position: int
    total: int
    earlier: int


@dataclass(frozen=True)
class Surroundings:
    neighbours: Neighbours
    progress: Progress | None
    related: list[PostLink]
    versions: list[Version]


def around(post: Post, category: Category | None, site_language: str) -> Surroundings:
    """The listed posts around a post that stands first under `category`; one that is not listed has no place itself.

    No neighbour is another version of it, and what stands beside it is not called related as well.
    """
    return arranged(post, category, site_language, found_around(post, category))


def arranged(post: Post, category: Category | None, site_language: str, found: Found) -> Surroundings:
    """The same of what was found."""
    rows = by_kind(found)
    progress = progress_of(post, rows[PART])
    before, after = ([*(row.post for row in rows[kind]), None][0] for kind in (BEFORE_IT, AFTER_IT))
    within = category.name if category and post.is_listed else ""
    beside = progress.neighbours if progress else Neighbours(before, after, within)
    related = best(rows[RELATED], besides={beside.previous, beside.next})
    versions = versions_among(sorted(row.post for row in rows[VERSION]), site_language)
    return Surroundings(beside, progress, related, versions)


def best(rows: list[Row], besides: Collection[PostLink | None] = ()) -> list[PostLink]:
    """The posts to read on with, besides those that stand beside a post anyway."""
    ranked = sorted(rows, key=lambda row: (row.score, row.post.pk), reverse=True)
    return [row.post for row in ranked if row.post not in besides][:SHOWN]


def progress_of(post: Post, rows: list[Row]) -> Progress | None:
    """None for a post that is no listed part of a series."""
    parts = sorted(rows, key=lambda row: (row.position, row.post.pk))
    before = next((index for index, row in enumerate(parts) if row.post.pk == post.pk), None)
    series = post.live_series
    if series is None or before is None:
        return None
    first = parts[0].earlier - before + 1
    numbered = enumerate((row.post for row in parts), start=first)
    return Progress(series, first + before, parts[0].total, list(numbered))


def by_kind(found: Found) -> dict[int, list[Row]]:
    rows: dict[int, list[Row]] = defaultdict(list)
    for kind, *columns, score, position, total, earlier in found.rows:
        rows[kind].append(Row(kind, PostLink(*columns), score, position, total, earlier))
    return rows


def found_around(post: Post, category: Category | None) -> Found:
    """What is found. One query."""
    kind, subject = (Listing.Kind.CATEGORY, category.pk) if category else (Listing.Kind.SITE, 0)
    values: dict[str, Any] = {"moment": timezone.now(), "post": post.pk}
    if post.translation_key:
        values["key"] = post.translation_key
    if post.is_listed and post.live_series and post.series_position is not None:
        values |= {"series": post.series_id, "position": post.series_position}
    elif post.is_listed:
        values |= {"subject": subject, "at": post.publish_at}
    return _around.find(int(kind), **values)


def _query(kind: int, **given: Any) -> QuerySet[Post, Any]:
    listed = Post.all_objects.listed(given["moment"]).order_by()
    found = [_links(listed.filter(alike__post=given["post"]), RELATED, score=F("alike__score"))]
    if "key" in given:
        versions = listed.filter(translation_key=given["key"]).order_by("pk")
        found.append(_links(_only(versions, MAX_VERSIONS), VERSION))
    if "series" in given:
        found += _parts(listed.filter(series=given["series"]), given["post"], given["position"])
    elif "subject" in given:
        posts = Post.all_objects.in_list(kind, given["subject"], given["moment"])
        posts = posts.exclude(translation_key=given["key"]) if "key" in given else posts
        here = Position(given["at"], given["post"])
        found += [
            _links(_only(stretch(posts, way, here, IN_LIST), 1), place)
            for way, place in ((BEFORE, BEFORE_IT), (AFTER, AFTER_IT))
        ]
    return found[0].union(*found[1:], all=True).order_by()


def _parts(parts: PostQuerySet, post: Any, position: Any) -> list[QuerySet[Post, Any]]:
    """Those around a post, and itself, in the order of the series."""
    is_earlier = Q(series_position__lte=position) & (Q(series_position__lt=position) | Q(pk__lt=post))
    earlier, others = parts.filter(is_earlier), parts.filter(~is_earlier, series_position__gte=position)
    near = [
        _only(earlier.order_by("-series_position", "-pk"), AROUND),
        _only(others.order_by("series_position", "pk"), AROUND + 1),
    ]
    counts = {"total": _count(parts), "earlier": _count(earlier)}
    return [_links(rows, PART, position=F("series_position"), **counts) for rows in near]


def _count(parts: PostQuerySet) -> Subquery:
    return Subquery(parts.order_by().values(number=Func(F("pk"), function="COUNT", output_field=IntegerField())))


def _only(posts: PostQuerySet, number: int) -> PostQuerySet:
    """So many of these posts, for a union: no part of one can be ordered or cut itself."""
    return Post.all_objects.order_by().filter(pk__in=posts.values("pk")[:number])


def _links(posts: PostQuerySet, kind: int, **more: Any) -> QuerySet[Post, Any]:
    score, *numbers = (more.get(name, Value(0)) for name in ("score", "position", "total", "earlier"))
    return posts.values_list(Value(kind), *PostLink._fields, Cast(score, FloatField()), *numbers)


_around = Compiled(Post, _query)
