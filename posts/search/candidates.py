"""The one place where a database is asked what has which words."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from . import postgresql, sqlite
from .engines import ALL, Found, Narrowing, Wanted

_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def candidates(column: str, wanted: Sequence[Wanted], limit: int, only: Narrowing = ALL) -> Found:
    """Posts whose `column` has what is wanted in one of these ways, the highest ids first."""
    if not wanted:
        return Found([])
    try:
        return _ENGINES[connection.vendor].candidates(column, wanted, only, limit)
    except EmptyResultSet:
        # A filter that nothing passes, as Django knows beforehand.
        return Found([])


def ids(column: str, wanted: Sequence[Wanted], limit: int) -> RawSQL:
    """The same for `pk__in`, without a query of its own. Something has to be wanted."""
    sql, parameters = _ENGINES[connection.vendor].statement(column, wanted, ALL, limit)
    return RawSQL(sql, parameters)  # noqa: S611 -- all of the SQL is ours
