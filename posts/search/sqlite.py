"""Candidates from FTS5, which walks along what it has from the highest id down and stops when it is told."""

from __future__ import annotations

from collections.abc import Sequence

from .engines import Condition, Found, Grammar, Narrowing, Wanted, rows
from .tables import FTS

GRAMMAR = Grammar(all_of=" AND ", any_of=" OR ", followed_by=" + ", quotes='"', prefix=" *")


def candidates(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: int) -> Found:
    sql, parameters = statement(column, wanted, only, limit)
    return Found([pk for (pk,) in rows(sql, *parameters)])


def statement(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: int) -> Condition:
    """The same as SQL for the ids."""
    table = FTS[column]
    key = f"{table}.rowid"
    narrow, visible = only.condition(key), only.visible(key)
    return Condition(
        f"SELECT {key} FROM {table} WHERE {table} MATCH %s{narrow.sql} AND {visible.sql} ORDER BY {key} DESC LIMIT %s",  # noqa: S608 -- all of it is ours
        (GRAMMAR.expression(wanted), *narrow.parameters, *visible.parameters, limit),
    )
