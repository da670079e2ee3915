"""Counting that ends where nobody reads on: what it costs does not grow with what there is."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

from ..templatetags.languages import number as grouped

# More than this is "many".
COUNTED = 1000
# So many rows of a list are leafed through. Whoever looks for more searches.
LISTED = 10_000


def count(rows: QuerySet, limit: int = COUNTED) -> int:
    """How many there are, up to one more than the limit."""
    return rows.order_by()[: limit + 1].count()


def in_digits(number: int) -> str:
    return up_to(COUNTED, number)


def up_to(limit: int, number: int) -> str:
    return f"{grouped(limit)}+" if number > limit else grouped(number)


class BoundedPaginator(Paginator):
    """As many pages as anyone leafs through."""

    @cached_property
    def counted(self) -> int:
        return count(self.object_list, LISTED)

    @cached_property
    def count(self) -> int:
        return min(self.counted, LISTED)

    @property
    def in_digits(self) -> str:
        return up_to(LISTED, self.counted)
