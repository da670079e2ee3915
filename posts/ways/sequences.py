"""What comes before and after a post: in its series, or else under its category, or else on the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from ..managers import PostQuerySet
from ..models import Series

if TYPE_CHECKING:
    from .around import PostLink

AROUND = 4
"""The parts that a post shows of its series on either side of itself."""


@dataclass(frozen=True)
class Neighbours:
    """The listed posts on either side of a post; `within` is the name of the category in which they are that."""

    previous: PostLink | None = None
    next: PostLink | None = None
    within: str = ""


@dataclass(frozen=True)
class Progress:
    """Where a post stands in its series: part `number` of `total`, with the parts around it and their numbers."""

    series: Series
    number: int
    total: int
    parts: list[tuple[int, PostLink]]

    @property
    def is_whole(self) -> bool:
        return len(self.parts) == self.total

    @property
    def neighbours(self) -> Neighbours:
        by_number = dict(self.parts)
        return Neighbours(by_number.get(self.number - 1), by_number.get(self.number + 1))


def extent(parts: PostQuerySet) -> tuple[int, int]:
    """How many parts these are, and the minutes that it takes to read them all."""
    counted = parts.order_by().aggregate(total=Count("pk"), minutes=Sum("reading_minutes"))
    return counted["total"], counted["minutes"] or 0
