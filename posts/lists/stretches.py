"""How many places of the site's own list lie within stretches of time, from the tallies that the database keeps.

Tallies are kept by months and hours of UTC. A month of the site's time zone begins some hours before or after one of
those, so that the tallies of these hours are added or taken away, and of an hour that it cuts, the places themselves.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any, NamedTuple, Self

from django.db import connections, router
from django.db.models import DateTimeField, F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..compiled import Compiled, as_sent, filled_up, told
from ..models import Listing, Tally
from .definition import LISTINGS, Kind
from .tallies import TALLIES

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TICK = timedelta(microseconds=1)
MIDDLE = 15
"""The last day from which the beginning of the month is not farther than its end."""

# Of cuts: for the months of a century, in two time zones.
MAX_KEPT = 2400


class Period(NamedTuple):
    """From its first moment to before the first one after it."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Cut:
    """A moment beside the beginning of the nearest month of UTC, by its name, and what lies between the two.

    That are whole `hours`, by their names from the first to before the second, and the `rest` of an hour; `sign` is -1
    where the moment is the earlier one.
    """

    month: int
    sign: int
    hours: tuple[int, int]
    rest: Period

    @classmethod
    def at(cls, moment: datetime) -> Self:
        moment = moment.astimezone(UTC)
        hour = moment.replace(minute=0, second=0, microsecond=0)
        month = hour.replace(day=1, hour=0)
        if moment.day <= MIDDLE:
            return cls(month_key(month), 1, (hour_key(month), hour_key(hour)), Period(hour, moment))
        month = (month + 32 * DAY).replace(day=1)
        hour += HOUR if hour < moment else timedelta()
        return cls(month_key(month), -1, (hour_key(hour), hour_key(month)), Period(moment, hour))


cut_at = lru_cache(maxsize=MAX_KEPT)(Cut.at)


@dataclass(frozen=True)
class Tallies:
    """The tallies of those months of UTC that a stretch of time touches, by their names, such as 202611, in order.

    `expired` tells when the posts were published whose places there have expired `now`, but are still there, in order.
    """

    now: datetime
    numbers: dict[int, int]
    expired: list[datetime]

    @classmethod
    def within(cls, span: Period) -> Self:
        """One query."""
        now = timezone.now()
        first, last = (month_key(moment.astimezone(UTC)) for moment in span)
        found = _found.rows(first=first, last=last, moment=now, start=span.start, end=span.end)
        numbers = sorted((name, number) for name, number, moment in found if moment is None)
        return cls(now, dict(numbers), sorted(moment for *_, moment in found if moment is not None))

    def near(self) -> set[tuple[int, int]]:
        """The years and months of the site's time zone in which there may be anything."""
        numbers = [year * 12 + month - 1 for year, month in (divmod(name, 100) for name in self.numbers)]
        near = (divmod(number + step, 12) for number in numbers for step in (-1, 0, 1))
        return {(year, month + 1) for year, month in near}

    def count(self, periods: list[Period]) -> list[int]:
        """How many listed posts each of these has, which lie within the stretch. One query, or none."""
        past = [Period(*(min(moment, self.now + TICK) for moment in period)) for period in periods]
        ends = sorted(set(chain.from_iterable(past)))
        before = dict(zip(ends, self._before(ends), strict=True))
        return [
            before[end] - before[start] - (bisect_left(self.expired, end) - bisect_left(self.expired, start))
            for start, end in past
        ]

    def _before(self, moments: Iterable[datetime]) -> list[int]:
        """For each moment how many places lie before it, counted from one and the same beginning."""
        cuts = [cut_at(moment) for moment in moments]
        names, sums = list(self.numbers), [0, *accumulate(self.numbers.values())]
        return [
            sums[bisect_left(names, cut.month)] + cut.sign * number
            for cut, number in zip(cuts, between(cuts), strict=True)
        ]


def _within(first: Any, last: Any, moment: Any, start: Any, end: Any) -> QuerySet:
    """Months with their numbers, and moments of what has expired."""
    tallies = Tally.objects.filter(kind=Tally.Kind.MONTH, subject__range=(first, last))
    # Nothing expires before it is published. PostgreSQL, which plans this for any moment, thinks a range narrow: left
    # open at one end, it would walk the whole list (35 ms at a million posts).
    expired = Listing.objects.filter(kind=Kind.SITE, subject=0, unpublish_at__range=(start, moment))
    # An expression, so that no index of the span is taken for it: those that have expired are few, whatever its length.
    placed_at = Coalesce(F("publish_at"), F("publish_at"))
    inside = expired.alias(placed_at=placed_at).filter(placed_at__gte=start, placed_at__lt=end)
    months = tallies.values_list("subject").annotate(Sum("number"), moment=Value(None, DateTimeField()))
    return months.union(inside.values_list(Value(0), Value(0), "publish_at"), all=True)


_found = Compiled(Tally, _within)


def between(cuts: list[Cut]) -> list[int]:
    """How many places each cut has between its two moments. One query, or none."""
    found = dict.fromkeys(range(len(cuts)), 0)
    rows = filled_up(
        [
            (number, *cut.hours, *cut.rest)
            for number, cut in enumerate(cuts)
            if cut.hours[0] != cut.hours[1] or cut.rest.start != cut.rest.end
        ]
    )
    if rows:
        connection = connections[router.db_for_read(Tally)]
        sql = BETWEEN.format(rows=", ".join(["(%s, %s, %s, %s, %s)"] * len(rows)))
        found.update(told(connection, sql, [as_sent(value, connection) for row in rows for value in row]))
    return list(found.values())


BETWEEN = (
    "WITH cut (number, first_hour, end_hour, starts_at, ends_at) AS (VALUES {rows}) "
    f"SELECT cut.number, COALESCE((SELECT SUM(tally.number) FROM {TALLIES} AS tally "
    f"WHERE tally.kind = {Tally.Kind.HOUR.value} "
    "AND tally.subject >= cut.first_hour AND tally.subject < cut.end_hour), 0) "
    f"+ (SELECT COUNT(*) FROM {LISTINGS} AS place WHERE place.kind = {Kind.SITE.value} AND place.subject = 0 "
    "AND place.publish_at >= cut.starts_at AND place.publish_at < cut.ends_at) FROM cut"
)


def month_key(moment: datetime) -> int:
    """As `Tally` names a month; the moment is in UTC."""
    return moment.year * 100 + moment.month


def hour_key(moment: datetime) -> int:
    return (month_key(moment) * 100 + moment.day) * 100 + moment.hour
