"""The two engines: how each says what it looks for, and how candidates are asked for.

Candidates come by their ids from the highest down, which is the order in which both can stop early. Whether a post may
be found is asked of `Post.published` in the same query.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models.expressions import RawSQL

from ..managers import PostQuerySet
from ..terms import language_mark
from .query import Alternative, Clause, Query
from .tables import FTS, TABLE


class Wanted(NamedTuple):
    """A query in the terms of some languages, all of the same terms; `languages` is empty for all there are."""

    query: Query
    languages: tuple[str, ...] = ()


class Engine(Protocol):
    table: str
    key: str

    def condition(self, column: str, wanted: Sequence[Wanted]) -> tuple[str, str]:
        """SQL with one parameter, and its value: that the column has what is wanted in one of these ways."""


class Sqlite:
    table = FTS
    key = "rowid"

    def condition(self, column: str, wanted: Sequence[Wanted]) -> tuple[str, str]:
        return f"{FTS} MATCH %s", f"{column} : ({' OR '.join(map(self.expression, wanted))})"

    def expression(self, wanted: Wanted) -> str:
        parts = [self.clause(clause) for clause in wanted.query]
        if wanted.languages:
            parts.append(f"({' OR '.join(f'"{language_mark(code)}"' for code in wanted.languages)})")
        return f"({' AND '.join(parts)})"

    def clause(self, clause: Clause) -> str:
        return f"({' OR '.join(map(self.alternative, clause))})"

    def alternative(self, alternative: Alternative) -> str:
        return f'"{" ".join(alternative.terms)}"{" *" if alternative.is_prefix else ""}'


class Postgresql:
    table = TABLE
    key = "post_id"

    def condition(self, column: str, wanted: Sequence[Wanted]) -> tuple[str, str]:
        return f"{column} @@ %s::tsquery", " | ".join(map(self.expression, wanted))

    def expression(self, wanted: Wanted) -> str:
        parts = [self.clause(clause) for clause in wanted.query]
        if wanted.languages:
            parts.append(f"({' | '.join(f"'{language_mark(code)}'" for code in wanted.languages)})")
        return f"({' & '.join(parts)})"

    def clause(self, clause: Clause) -> str:
        return f"({' | '.join(map(self.alternative, clause))})"

    def alternative(self, alternative: Alternative) -> str:
        return f"({' <-> '.join(f"'{term}'" for term in alternative.terms)}{':*' if alternative.is_prefix else ''})"


def engine() -> Engine:
    return {"sqlite": Sqlite, "postgresql": Postgresql}[connection.vendor]()


def candidates(column: str, wanted: Sequence[Wanted], posts: PostQuerySet, limit: int) -> list[int]:
    """The ids of those of `posts` whose `column` has what is wanted in one of these ways, the highest first."""
    if not wanted:
        return []
    try:
        sql, parameters = _candidates(column, wanted, posts, limit)
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def _candidates(column: str, wanted: Sequence[Wanted], posts: PostQuerySet, limit: int) -> tuple[str, list[Any]]:
    own = engine()
    key = f"{own.table}.{own.key}"
    condition, value = own.condition(column, wanted)
    visible, parameters = posts.order_by().filter(pk=RawSQL(key, ())).values("pk").query.sql_with_params()  # noqa: S611 -- all of it is ours
    return (
        f"SELECT {key} FROM {own.table} WHERE {condition} AND EXISTS ({visible}) ORDER BY {key} DESC LIMIT %s",  # noqa: S608 -- the same
        [value, *parameters, limit],
    )
