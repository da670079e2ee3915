"""Years that have posts, and their months and days, beside a list: found by an index, where Django reads all rows."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
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
    """The stretches to choose from within the one that the list shows, by the times in a field of Post."""
    chosen = [int(value) for unit in UNITS if (value := str(changes.params.get(f"{name}__{unit}", ""))).isdecimal()]
    dated = Post.objects.filter(**{f"{name}__isnull": False}).order_by(name).values_list(name, flat=True)
    links = [_link(changes, name, parts) for parts in (_below(chosen, dated) if chosen else _years(dated, name))]
    return Stretches(links, _back(changes, name, chosen))


def _years(dated: QuerySet[Post, datetime], name: str) -> Iterator[list[int]]:
    """Each by one look at the index, behind the one before; there may be decades without a post between two."""
    moment = dated.first()
    while moment:
        year = timezone.localtime(moment).year
        yield [year]
        moment = dated.filter(**{f"{name}__year__gt": year}).first()


def _below(chosen: list[int], dated: QuerySet[Post, datetime]) -> Iterator[list[int]]:
    """The parts of a date that each month or day is told by, from the first post to the last."""
    # Each end by a look at its end of the index: asked for both at once, SQLite would read all of it.
    ends = [timezone.localtime(moment) for moment in (dated.first(), dated.last()) if moment]
    match chosen:
        case [year] if ends:
            first, last = [(end.year, end.month) for end in ends]
            yield from ([year, month] for month in range(1, 13) if first <= (year, month) <= last)
        case [year, month] if ends:
            yield from ([year, month, day] for day in range(1, monthrange(year, month)[1] + 1))
        case [_, _, _] if ends:
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
