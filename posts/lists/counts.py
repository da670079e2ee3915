"""How many posts stand in a list now: its tally, without what is not due yet and without what has expired."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.utils import timezone

from ..managers import Moment
from ..models import Listing, Tally


def parts(kind: int, subject: Any, moment: Moment) -> list[QuerySet]:
    """The three numbers, whose sum it is, as queries of one row; the first may be NULL."""
    places = Listing.objects.filter(kind=kind, subject=subject)
    return [
        tally(kind=kind, subject=subject),
        places.filter(publish_at__gt=moment).values_list(fewer("publish_at")),
        places.filter(unpublish_at__lte=moment).values_list(fewer("unpublish_at")),
    ]


def tally(**of: Any) -> QuerySet:
    """The sum of these tallies, in one row; NULL if there are none."""
    total = Func(F("number"), function="SUM", output_field=IntegerField())
    return Tally.objects.filter(**of).values_list(total)


def fewer(column: str) -> Func:
    """How many rows, taken away. `column`, which has a value in each, is that of their bounds: then an index is enough
    to count them, the one that is made for it.
    """
    return Func(F(column), function="COUNT", template="-%(function)s(%(expressions)s)", output_field=IntegerField())


def number_in(kind: int, subject: Any, moment: Moment | None = None) -> int:
    """How many posts a list has now. One query."""
    first, *others = parts(kind, subject, moment or timezone.now())
    return sum(number or 0 for (number,) in first.union(*others, all=True))


def number_of(kind: int, moment: Moment | None = None) -> CombinedExpression:
    """How many posts the list of the row has to which this expression is added."""
    total, waiting, expired = (Subquery(part) for part in parts(kind, OuterRef("pk"), moment or timezone.now()))
    return Coalesce(total, 0) + waiting + expired
