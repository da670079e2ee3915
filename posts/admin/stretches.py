"""Years that have posts, and their months and days, beside a list: found by an index, where Django reads all rows."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db import connection
from django.db.models import QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..models import Post

UNITS = ("year", "month", "day")


@dataclass(frozen=True)
class Choice:
    title: str
    link: str = ""


@dataclass(frozen=True)
class Stretches:
    """What admin/date_hierarchy.html draws; without choices there is nothing to draw."""

    choices: list[Choice] = field(default_factory=list)
    back: Choice | None = None


def stretches(changes: ChangeList, name: str) -> Stretches:
    """The stretches to choose from within the one that the list shows, by the times in a field of Post.

    Two queries at most, however many years there are.
    """
    chosen = [int(value) for unit in UNITS if (value := str(changes.params.get(f"{name}__{unit}", ""))).isdecimal()]
    dated = Post.objects.filter(**{f"{name}__isnull": False}).order_by(name)
    parts: Iterable[list[int]] = []
    if ends := _ends(dated, name):
        parts = _parts(chosen, *ends) if chosen else _years(dated, name, *ends)
    return Stretches([_link(changes, name, found) for found in parts], _back(changes, name, chosen))


def _ends(dated: QuerySet[Post], name: str) -> list[date]:
    """The days of the first post and of the last; none without a post. One query."""
    # Each by a look at its end of the index: asked for the least and the greatest, SQLite would read all of it.
    first, last = (Subquery(rows.values(name)[:1]) for rows in (dated, dated.reverse()))
    found = dated.order_by().values_list(first, last).first()
    return [timezone.localdate(moment) for moment in found or ()]


def _years(dated: QuerySet[Post], name: str, first: date, last: date) -> list[list[int]]:
    """Those that have posts, by a look at the index for each, in one query; there may be decades without one."""
    years = range(first.year, last.year + 1)
    bounds = [(year, *connection.ops.year_lookup_bounds_for_datetime_field(year)) for year in years]
    own = dated.filter(**{f"{name}__range": (RawSQL("begins", ()), RawSQL("ends", ()))})
    sql, parameters = own.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH bounds (year, begins, ends) AS (VALUES {', '.join(['(%s, %s, %s)'] * len(bounds))}) "  # noqa: S608 -- Django's
            f"SELECT year FROM bounds WHERE EXISTS ({sql}) ORDER BY year",
            [*chain.from_iterable(bounds), *parameters],
        )
        return [[year] for (year,) in cursor.fetchall()]


def _parts(chosen: list[int], first: date, last: date) -> Iterator[list[int]]:
    """The parts of a date that each month or day is told by, from the first post to the last."""
    ends = (first.year, first.month), (last.year, last.month)
    match chosen:
        case [year]:
            yield from ([year, month] for month in range(1, 13) if ends[0] <= (year, month) <= ends[1])
        case [year, month]:
            yield from ([year, month, day] for day in range(1, monthrange(year, month)[1] + 1))
        case [_, _, _]:
            yield chosen


def _link(changes: ChangeList, name: str, parts: list[int]) -> Choice:
    wanted: dict[str, Any] = {f"{name}__{unit}": part for unit, part in zip(UNITS, parts, strict=False)}
    return Choice(_title(parts), changes.get_query_string(wanted, [f"{name}__"]))


def _title(parts: list[int]) -> str:
    form = {2: "YEAR_MONTH_FORMAT", 3: "MONTH_DAY_FORMAT"}.get(len(parts))
    return capfirst(date_format(date(*[*parts, 1][:3]), form)) if form else str(parts[0])


def _back(changes: ChangeList, name: str, chosen: list[int]) -> Choice | None:
    if not chosen:
        return None
    above = chosen[:-1]
    return _link(changes, name, above) if above else Choice(_("All dates"), changes.get_query_string({}, [f"{name}__"]))
