"""The one place where a database is asked what has which words."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import EmptyResultSet
from django.db import connection

from . import postgresql, sqlite
from .engines import ALL, Found, Narrowing, Wanted

_ENGINES = {"sqlite": sqlite.candidates, "postgresql": postgresql.candidates}


def candidates(column: str, wanted: Sequence[Wanted], limit: int, only: Narrowing = ALL) -> Found:
    """Posts whose `column` has what is wanted in one of these ways, the highest ids first."""
    if not wanted:
        return Found([])
    try:
        return _ENGINES[connection.vendor](column, wanted, only, limit)
    except EmptyResultSet:
        # A filter that nothing passes, as Django knows beforehand.
        return Found([])
