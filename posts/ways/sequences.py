"""What comes before and after a post: in its series, or else under its category, or else on the site."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from ..managers import PostQuerySet
from ..models import Category, Post, Series
from ..pagination import Position, narrowed

AROUND = 4
"""The parts that a post shows of its series on either side of itself."""


@dataclass(frozen=True)
class Neighbours:
    """The listed posts on either side of a post; `within` is the name of the category in which they are that."""

    previous: Post | None = None
    next: Post | None = None
    within: str = ""


@dataclass(frozen=True)
class Progress:
    """Where a post stands in its series: part `number` of `total`, with the parts around it and their numbers."""

    series: Series
    number: int
    total: int
    parts: list[tuple[int, Post]]

    @property
    def is_whole(self) -> bool:
        return len(self.parts) == self.total

    @property
    def neighbours(self) -> Neighbours:
        by_number = dict(self.parts)
        return Neighbours(by_number.get(self.number - 1), by_number.get(self.number + 1))


def progress(post: Post) -> Progress | None:
    """None for a post that is no listed part of a series. At most two queries, however long the series."""
    series = post.live_series
    if series is None or post.series_position is None or not post.is_listed:
        return None
    parts = Post.published.listed().in_series(series)
    earlier = Q(series_position__lt=post.series_position) | Q(series_position=post.series_position, pk__lt=post.pk)
    counted = parts.order_by().aggregate(total=Count("pk"), earlier=Count("pk", filter=earlier))
    index = counted["earlier"]
    first = max(0, index - AROUND)
    around = parts.for_link()[first : index + AROUND + 1]
    return Progress(series, index + 1, counted["total"], list(enumerate(around, start=first + 1)))


def extent(parts: PostQuerySet) -> tuple[int, int]:
    """How many parts these are, and the minutes that it takes to read them all."""
    counted = parts.order_by().aggregate(total=Count("pk"), minutes=Sum("reading_minutes"))
    return counted["total"], counted["minutes"] or 0


def neighbours(post: Post, category: Category | None) -> Neighbours:
    """Those of a listed post under this category, or in time alone where it has none; no other version of it."""
    if not post.is_listed:
        return Neighbours()
    posts = Post.published.listed().for_link()
    if post.translation_key:
        posts = posts.exclude(translation_key=post.translation_key)
    if category:
        posts = posts.in_categories([category.pk])
    position = Position.of(post)
    return Neighbours(
        previous=narrowed(posts, position.older).newest_first().first(),
        next=narrowed(posts, position.newer).order_by("publish_at", "pk").first(),
        within=category.name if category else "",
    )
