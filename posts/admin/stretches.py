"""Years, months and days beside a list of posts, from the first to the last: Django reads all rows for those it has."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.admin.views.main import ChangeList
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
    dated = Post.objects.filter(**{f"{name}__isnull": False}).values_list(name, flat=True)
    # Each end by a look at its end of the index: asked for both at once, SQLite would read all of it.
    ends = [timezone.localtime(moment).date() for order in (name, f"-{name}") for moment in dated.order_by(order)[:1]]
    links = [_link(changes, name, parts) for parts in _below(chosen, *ends)] if ends else []
    return Stretches(links, _back(changes, name, chosen))


def _below(chosen: list[int], first: date, last: date) -> Iterator[list[int]]:
    """The parts of a date that each stretch is told by."""
    match chosen:
        case []:
            yield from ([year] for year in range(first.year, last.year + 1))
        case [year]:
            months = ([year, month] for month in range(1, 13))
            yield from (
                parts for parts in months if (first.year, first.month) <= tuple(parts) <= (last.year, last.month)
            )
        case [year, month]:
            yield from ([year, month, day] for day in range(1, monthrange(year, month)[1] + 1))
        case _:
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
