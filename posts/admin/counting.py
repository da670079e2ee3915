"""Counting that ends where nobody reads on: what it costs does not grow with what there is."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db import connection
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


def counts(*lists: QuerySet, limit: int = COUNTED) -> list[int]:
    """`count` of each of these, in one query."""
    limited = [rows.order_by().values("pk")[: limit + 1].query.sql_with_params() for rows in lists]
    columns = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS counted)" for sql, _ in limited)  # noqa: S608 -- Django's own
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [value for _, values in limited for value in values])
        return list(cursor.fetchone())


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
