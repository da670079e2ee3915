"""What the two engines have in common: how they are asked for candidates, and what they are asked.

Candidates come by their ids from the highest down, an order in which both can stop early. Which posts may be found at
all is asked in the same query (see `narrowing`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from ..terms import language_mark
from .query import Alternative, Clause, Query

# Texts that are read, to find a phrase or below filters, where no index tells enough.
MAX_READ = 1000


class Wanted(NamedTuple):
    """A query in the terms of some languages, all of the same terms; `languages` is empty for all there are."""

    query: Query
    languages: tuple[str, ...] = ()


class Found(NamedTuple):
    """The ids of candidates; not complete if the engine gave up before it had looked at all posts."""

    ids: list[int]
    is_complete: bool = True


class Condition(NamedTuple):
    """SQL with its parameters."""

    sql: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True)
class Grammar:
    """How an engine writes expressions. Terms need no escapes, since no word has a quotation mark."""

    all_of: str
    any_of: str
    followed_by: str
    quotes: str
    prefix: str
    opening: str = ""
    """What each term begins with; its quotation mark, if nothing else is said."""

    def expression(self, wanted: Iterable[Wanted]) -> str:
        return self._any(map(self._one, wanted))

    def _one(self, wanted: Wanted) -> str:
        parts = list(map(self._clause, wanted.query))
        if wanted.languages:
            parts.append(self._clause(tuple(Alternative((language_mark(code),)) for code in wanted.languages)))
        return f"({self.all_of.join(parts)})"

    def _clause(self, clause: Clause) -> str:
        return self._any(map(self._alternative, clause))

    def _any(self, parts: Iterable[str]) -> str:
        return f"({self.any_of.join(parts)})"

    def _alternative(self, alternative: Alternative) -> str:
        opening = self.opening or self.quotes
        phrase = self.followed_by.join(f"{opening}{term}{self.quotes}" for term in alternative.terms)
        return f"({phrase}{self.prefix if alternative.is_prefix else ''})"


def among(ids: Iterable[int]) -> RawSQL:
    """These ids for `pk__in`, as one parameter: Django looks at each of a list anew in each query."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", (array(ids),))
    return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(list(ids)),))


def array(ids: Iterable[int]) -> str:
    """As PostgreSQL writes it, which is faster than to let the driver find out what is in a list."""
    return f"{{{','.join(map(str, ids))}}}"


def rows(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
