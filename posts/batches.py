"""All rows of a table, some at a time."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model, QuerySet

SIZE = 100


def batches[Row: Model](rows: QuerySet[Row]) -> Iterator[list[Row]]:
    """By their ids, so that rows that come or go meanwhile do no harm."""
    rows = rows.order_by("pk")
    batch = list(rows[:SIZE])
    while batch:
        yield batch
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:SIZE])
