"""The one place where a database is asked what has which words."""

# ruff: noqa: S608, S611 -- all of the SQL is ours

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from . import postgresql, sqlite
from .engines import MAX_READ, Condition, Found, Wanted, rows
from .narrowing import Narrowing
from .tables import TEXTS, TITLES

_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def candidates(column: str, wanted: Sequence[Wanted], limit: int, only: Narrowing) -> Found:
    """Posts whose `column` has what is wanted in one of these ways, the highest ids first."""
    sql, parameters = _statement(column, wanted, only, str(limit))
    return _found(rows(sql, *parameters), limit)


def in_texts_or_titles(wanted: Sequence[Wanted], most: int, titled: int, only: Narrowing) -> tuple[Found, list[int]]:
    """Posts with what is wanted, one more than `most` at most; if so, also `titled` of those with it in their titles.

    One query.
    """
    texts = _statement(TEXTS, wanted, only, str(most + 1))
    too_many = f"(SELECT CASE WHEN COUNT(*) > {most} THEN {titled} ELSE 0 END FROM texts WHERE is_found)"
    titles = _statement(TITLES, wanted, only, too_many)
    seen = rows(
        f"WITH texts AS MATERIALIZED ({texts.sql}), titles AS MATERIALIZED ({titles.sql}) "
        "SELECT post_id, is_found, is_read, FALSE FROM texts UNION ALL "
        "SELECT post_id, is_found, is_read, TRUE FROM titles",
        *texts.parameters,
        *titles.parameters,
    )
    in_texts = _found([row[:3] for row in seen if not row[3]], most + 1)
    return in_texts, _found([row[:3] for row in seen if row[3]], titled).ids


def ids(column: str, wanted: Sequence[Wanted], limit: int, only: Narrowing) -> RawSQL:
    """The same for `pk__in`, without a query of its own."""
    sql, parameters = _statement(column, wanted, only, str(limit))
    found = f"SELECT post_id FROM ({sql}) AS seen WHERE is_found ORDER BY post_id DESC LIMIT {limit}"
    return RawSQL(found, parameters)


def _statement(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: str) -> Condition:
    """SQL for what an engine looks at: the id of each post, whether it is found, and whether its text was read."""
    nothing = Condition("SELECT 0 AS post_id, FALSE AS is_found, FALSE AS is_read WHERE FALSE", ())
    if not wanted:
        return nothing
    try:
        return _ENGINES[connection.vendor].statement(column, wanted, only, limit)
    except EmptyResultSet:
        # A filter that nothing passes, as Django knows beforehand.
        return nothing


def _found(seen: Iterable[tuple[int, bool, bool]], limit: int) -> Found:
    """An engine gives up when it has read too much."""
    seen = list(seen)
    found = sorted((pk for pk, is_found, _ in seen if is_found), reverse=True)[:limit]
    gave_up = sum(is_read for _, _, is_read in seen) >= MAX_READ
    return Found(found, is_complete=len(found) >= limit or not gave_up)
