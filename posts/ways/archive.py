"""How many listed posts each month of the site's time zone has: no post is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache

from django.utils import timezone

from ..converters import FIRST_YEAR
from ..lists.stretches import MAX_KEPT, Period, Tallies


@dataclass(frozen=True)
class Month:
    """A month by its first moment, and how many listed posts it has."""

    month: datetime
    count: int


def first_moment(year: int, month: int) -> datetime:
    """Of a month in the site's time zone; the thirteenth month is the first of the year after."""
    return _first_moment(year, month, timezone.get_current_timezone())


@lru_cache(maxsize=MAX_KEPT)
def _first_moment(year: int, month: int, here: tzinfo) -> datetime:
    """The same object each time: to work out the hash of one takes long, and it keeps it."""
    return datetime(year + month // 13, (month - 1) % 12 + 1, 1, tzinfo=here)


def period_of(year: int, month: int) -> Period:
    return Period(first_moment(year, month), first_moment(year, month + 1))


def year_of(year: int) -> Period:
    return Period(first_moment(year, 1), first_moment(year, 13))


def months_with_posts(years: range | None = None) -> tuple[Month, ...]:
    """The months of these years, or of all with pages, that have listed posts; newest first. Two queries at most."""
    years = years or range(FIRST_YEAR, timezone.localtime().year + 1)
    tallies = Tallies.within(Period(first_moment(years[0], 1), first_moment(years[-1], 13)))
    periods = [period_of(*month) for month in sorted(tallies.near()) if month[0] in years]
    months = [Month(period.start, count) for period, count in zip(periods, tallies.count(periods), strict=True)]
    return tuple(month for month in reversed(months) if month.count)


def count_within(period: Period) -> int:
    """How many listed posts it has. Two queries at most."""
    [number] = Tallies.within(period).count([period])
    return number
