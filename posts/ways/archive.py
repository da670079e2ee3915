"""How many listed posts each month has, counted from end to end of each month along the index of dates.

So nothing is read of the posts themselves, whose rows are long, and the number of queries is the same for any number of
years.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connections
from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ..converters import FIRST_YEAR
from ..models import Post
from ..pagination import narrowed


class Period(NamedTuple):
    """From its first moment to before the first one after it."""

    start: datetime
    end: datetime


@dataclass(frozen=True, order=True)
class Month:
    """A month by its first moment, and how many listed posts it has."""

    month: datetime
    count: int


def first_moment(year: int, month: int) -> datetime:
    """Of a month in the site's time zone; the thirteenth month is the first of the year after."""
    return datetime(year + month // 13, (month - 1) % 12 + 1, 1, tzinfo=timezone.get_current_timezone())


def period_of(year: int, month: int) -> Period:
    return Period(first_moment(year, month), first_moment(year, month + 1))


def year_of(year: int) -> Period:
    return Period(first_moment(year, 1), first_moment(year, 13))


def within(period: Period) -> Q:
    return Q(publish_at__gte=period.start) & Q(publish_at__lt=period.end)


def months_with_posts(years: Iterable[int]) -> list[Month]:
    """Those months of these years that have listed posts, the newest first. One query."""
    periods = [period_of(year, month) for year in years for month in range(1, 13)]
    counts = count_within(periods)
    months = [Month(period.start, count) for period, count in zip(periods, counts, strict=True) if count]
    return sorted(months, reverse=True)


def years_since_oldest() -> range:
    """The years from that of the oldest listed post to this one, as far as years have pages. One query."""
    listed = Post.published.listed().order_by("publish_at", "pk")
    oldest = listed.values_list("publish_at", flat=True).first()
    this_year = timezone.localtime().year
    if oldest is None:
        return range(this_year, this_year)
    return range(max(FIRST_YEAR, timezone.localtime(oldest).year), this_year + 1)


def count_within(periods: list[Period]) -> list[int]:
    """How many listed posts each period has, in the order given. One query for all of them."""
    if not periods:
        return []
    connection = connections[Post.published.db]
    listed, parameters = _count_of_one().query.sql_with_params()
    rows = ", ".join(["(%s, %s, %s)"] * len(periods))
    adapt = connection.ops.adapt_datetimefield_value
    values = [
        value for number, period in enumerate(periods) for value in (number, adapt(period.start), adapt(period.end))
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH period (number, starts_at, ends_at) AS (VALUES {rows}) "  # noqa: S608 -- placeholders and Django's own SQL
            f"SELECT ({listed}) FROM period ORDER BY period.number",
            [*values, *parameters],
        )
        return [count for (count,) in cursor.fetchall()]


def _count_of_one() -> QuerySet:
    """The number of listed posts within one row of the table `period`."""
    starts_at, ends_at = RawSQL("period.starts_at", ()), RawSQL("period.ends_at", ())
    inside = Q(publish_at__gte=starts_at) & Q(publish_at__lt=ends_at)
    posts = narrowed(Post.published.listed(), inside).order_by()
    return posts.values(posts=Func(F("pk"), function="COUNT", output_field=IntegerField()))
