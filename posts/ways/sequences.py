"""What comes before and after a post: in its series, or else under its category, or else on the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Func, IntegerField, QuerySet

from ..compiled import Compiled
from ..models import Post, Series

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


def extent_of(series: Series, moment: datetime) -> tuple[int, int]:
    """How many listed parts it has at this moment, and the minutes that it takes to read them all. One query."""
    [(total, minutes)] = _extent.rows(series=series.pk, moment=moment)
    return total, minutes or 0


def _numbers(series: Any, moment: Any) -> QuerySet[Post, Any]:
    # Plain functions, since aggregates would group by the row.
    total = Func(F("pk"), function="COUNT", output_field=IntegerField())
    minutes = Func(F("reading_minutes"), function="SUM", output_field=IntegerField())
    return Post.all_objects.listed(moment).in_series(series).order_by().values_list(total, minutes)


_extent = Compiled(Post, _numbers)
