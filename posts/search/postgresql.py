"""Candidates from a tsvector.

Its index, GIN, gives all rows with a term at once and in no order: right for most words, and slow for those that half
of all texts have. For these the newest texts are read instead until there are enough. Which of both it is, a few of the
newest texts tell; left alone, the planner would sometimes read all texts for a word that none has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import QuerySet

from .engines import Condition, Found, Grammar, Wanted, listed, narrowed, rows
from .tables import TABLE

GRAMMAR = Grammar(all_of=" & ", any_of=" | ", followed_by=" <-> ", quotes="'", prefix=":*")
# GIN knows which terms a text has, but not where.
_WITHOUT_ORDER = replace(GRAMMAR, followed_by=" & ")

SAMPLE = 100
# A share of the texts.
COMMON = 1 / 4
# How many more texts are read than would do if all were as the sample is and none of them hidden.
RESERVE = 1.3
# Texts that are read to find a phrase in them.
MAX_READ = 1000


def candidates(column: str, wanted: Sequence[Wanted], only: Sequence[QuerySet], limit: int) -> Found:
    reader = _Reader(column, wanted, only, limit)
    share = reader.share()
    if share >= COMMON:
        found = reader.newest(int(RESERVE * limit / share))
        if found.is_complete:
            return found
    return reader.indexed()


class _Reader:
    """Reads texts, and finds those that have all of what is wanted and may be seen."""

    def __init__(self, column: str, wanted: Sequence[Wanted], only: Sequence[QuerySet], limit: int) -> None:
        self.column, self.limit = column, limit
        self.strict, self.loose = GRAMMAR.expression(wanted), _WITHOUT_ORDER.expression(wanted)
        self.has_phrase = self.strict != self.loose
        self.narrow, self.visible = narrowed("post_id", only), listed("document.post_id")
        self.matches = Condition(f"{column} @@ %s::tsquery", (self.strict,))

    def share(self) -> float:
        """How many of the newest texts have what is wanted."""
        (matching, read), *_ = rows(
            f"SELECT count(*) FILTER (WHERE {self.matches.sql}), count(*) FROM "  # noqa: S608 -- all of it is ours, here and below
            f"(SELECT {self.column} FROM {TABLE} ORDER BY post_id DESC LIMIT %s) AS newest",
            *self.matches.parameters,
            SAMPLE,
        )
        return matching / max(read, 1)

    def newest(self, read: int) -> Found:
        """Those among the newest texts."""
        return self._read(Condition("true", ()), "post_id", self.matches, read)

    def indexed(self) -> Found:
        """Those among the texts that have the terms; only to find a phrase it may not read them all.

        The sum in the order keeps the planner from reading all texts in that order.
        """
        source = Condition(f"{self.column} @@ %s::tsquery", (self.loose,))
        if self.has_phrase:
            return self._read(source, "post_id + 0", self.matches, MAX_READ)
        read = 2 * self.limit + SAMPLE
        while not (found := self._read(source, "post_id + 0", Condition("true", ()), read)).is_complete:
            read *= 20
        return found

    def _read(self, source: Condition, order: str, matches: Condition, read: int) -> Found:
        """Read so many texts of a source, and no more."""
        found = rows(
            f"SELECT post_id, {matches.sql} AND {self.visible.sql} FROM (SELECT post_id, {self.column} FROM {TABLE} "  # noqa: S608
            f"WHERE {source.sql}{self.narrow.sql} ORDER BY {order} DESC LIMIT %s) AS document ORDER BY post_id DESC",
            *matches.parameters,
            *self.visible.parameters,
            *source.parameters,
            *self.narrow.parameters,
            read,
        )
        ids = [pk for pk, is_found in found if is_found][: self.limit]
        return Found(ids, is_complete=len(ids) == self.limit or len(found) < read)
