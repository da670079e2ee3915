"""Candidates from FTS5, which walks along what it has from the highest id down and stops when it is told."""

from __future__ import annotations

from collections.abc import Sequence

from .engines import Condition, Grammar, Narrowing, Wanted
from .tables import FTS

GRAMMAR = Grammar(all_of=" AND ", any_of=" OR ", followed_by=" + ", quotes='"', prefix=" *")


def statement(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: str) -> Condition:
    """SQL for what was looked at: all of it is found, and none of it had to be read."""
    table = FTS[column]
    key = f"{table}.rowid"
    narrow, visible = only.condition(key), only.visible(key)
    return Condition(
        f"SELECT {key} AS post_id, TRUE AS is_found, FALSE AS is_read FROM {table} "  # noqa: S608 -- all of it is ours
        f"WHERE {table} MATCH %s{narrow.sql} AND {visible.sql} ORDER BY {key} DESC LIMIT {limit}",
        (GRAMMAR.expression(wanted), *narrow.parameters, *visible.parameters),
    )
