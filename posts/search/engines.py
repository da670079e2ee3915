"""What the two engines have in common: how they are asked for candidates, and what they are asked.

Candidates come by their ids from the highest down, an order in which both can stop early. Whether a post may be found
is asked of `Post.published` in the same query.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ..compiled import Parameter, as_sent
from ..models import Post
from ..terms import language_mark
from .query import Alternative, Clause, Query
from .tables import TABLE

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
class Narrowing:
    """Which posts may be found at all: listed ones, and each of these querysets of ids must have the post.

    Those that `by` has are looked up for one post after the other, since they may be half of all. `gathered` ones, a
    queryset of `post_id`, tell where to look at first: what is found among the newest is seldom of an earlier year.
    `for_desk` are all posts, in the trash or not: whoever asks leaves out what is not to be seen.
    """

    by: Sequence[QuerySet] = ()
    gathered: QuerySet | None = None
    for_desk: bool = False

    def __bool__(self) -> bool:
        return bool(self.by) or self.gathered is not None

    def newest(self) -> Condition:
        """SQL for the ids of the newest listed posts that it leaves, `MAX_READ` at most."""
        if self.gathered is not None:
            return self._newest_gathered(self.gathered)
        posts = Post.published.listed().order_by("-pk")
        for ids in self.by:
            posts = posts.filter(pk__in=ids)
        return Condition(*posts.values("pk")[:MAX_READ].query.sql_with_params())

    def _newest_gathered(self, ids: QuerySet) -> Condition:
        """Put in their order at first, so that no more posts are looked up than it takes."""
        gathered, seen = compiled(ids), listed("place.post_id")
        narrow = replace(self, gathered=None).condition("place.post_id")
        places = f"SELECT post_id FROM ({gathered.sql}) AS own ORDER BY post_id DESC OFFSET 0"  # noqa: S608 -- our own SQL
        return Condition(
            f"SELECT post_id FROM ({places}) AS place "  # noqa: S608 -- the same
            f"WHERE {seen.sql}{narrow.sql} LIMIT {MAX_READ}",
            (*gathered.parameters, *seen.parameters, *narrow.parameters),
        )

    def visible(self, key: str) -> Condition:
        """That the post of this id may be seen."""
        return Condition("TRUE", ()) if self.for_desk else listed(key)

    def span(self) -> Condition:
        """SQL for the lowest and the highest id of what it gathers, or else of all that may be found."""
        if self.gathered is None:
            return Condition(f"SELECT 0, MAX(post_id) FROM {TABLE}", ())  # noqa: S608 -- our own table
        gathered = compiled(self.gathered)
        span = f"SELECT MIN(post_id), MAX(post_id) FROM ({gathered.sql})"  # noqa: S608 -- our own SQL
        return Condition(span, gathered.parameters)

    def condition(self, key: str) -> Condition:
        """SQL to be put behind others: that each of the querysets has the post of this id."""
        parts = []
        for ids in self.by if self.gathered is None else [*self.by, self.gathered]:
            own = ids.filter(**{ids.query.values_select[0]: RawSQL(key, ())})  # noqa: S611 -- a name of ours
            sql, parameters = compiled(own)
            parts.append(Condition(f" AND EXISTS ({sql})", parameters))
        return Condition(
            "".join(part.sql for part in parts), tuple(value for part in parts for value in part.parameters)
        )


ALL = Narrowing()
FOR_DESK = Narrowing(for_desk=True)


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


def compiled(ids: QuerySet) -> Condition:
    return Condition(*ids.order_by().query.sql_with_params())


def listed(key: str) -> Condition:
    """That the post of this id is listed now."""
    sql, parameters = _listed(key)
    now = as_sent(timezone.now(), connection)
    return Condition(sql, tuple(now if isinstance(value, Parameter) else value for value in parameters))


@cache
def _listed(key: str) -> Condition:
    """The same at a moment that is still to be told. To compile it takes longer than a search among few posts.

    Not by EXISTS, of which PostgreSQL may make a join with all posts, or a table of them.
    """
    posts = Post.all_objects.listed(Parameter("moment"))
    post = posts.filter(pk=RawSQL(key, ())).order_by().values("pk")  # noqa: S611 -- a name of our own
    sql, parameters = post.query.sql_with_params()
    return Condition(f"({sql}) IS NOT NULL", parameters)


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
