"""Candidates from a tsvector.

Its index, GIN, gives all rows with a term at once and in no order, and for the beginning of a word first of all the
rows with any word that begins like it: slow for what half of all texts have. So each term is indexed behind the number
of a block of neighbouring posts, and the blocks are gone through from the newest down, until there are enough
candidates. The texts themselves are read, some fifty in a millisecond, to find a phrase in those that have its words,
and where filters leave few to read.

All of it is one statement. PostgreSQL joins the next block only when it is asked for more rows.
"""

# ruff: noqa: S608 -- all of the SQL is ours

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..terms import GAP
from .engines import MAX_READ, Condition, Grammar, Wanted
from .narrowing import Narrowing
from .tables import BLOCK, TABLE, in_block

GRAMMAR = Grammar(all_of=" & ", any_of=" | ", followed_by=" <-> ", quotes="'", prefix=":*")
# GIN knows which terms a text has, but not where.
_IN_BLOCK = replace(GRAMMAR, followed_by=" & ", opening=f"'{GAP}")


def statement(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: str) -> Condition:
    """SQL for what was looked at, from the newest post down: whether it is found, and whether its text was read."""
    return _Looking(column, wanted, only, limit).seen()


class _Looking:
    """Looks through posts from the newest down, for those that have all of what is wanted and may be seen."""

    def __init__(self, column: str, wanted: Sequence[Wanted], only: Narrowing, limit: str) -> None:
        self.column, self.only, self.limit = column, only, limit
        self.strict, self.loose = GRAMMAR.expression(wanted), _IN_BLOCK.expression(wanted)
        self.has_phrase = GRAMMAR.followed_by in self.strict
        self.narrow, self.visible = only.condition(f"{TABLE}.post_id"), only.visible("document.post_id")

    def seen(self) -> Condition:
        parts = [*self._beginning(), self._blocks(), self._found()]
        tables = ", ".join(part.sql for part in parts[:-1])
        parameters = tuple(parameter for part in parts for parameter in part.parameters)
        return Condition(f"WITH RECURSIVE {tables} {parts[-1].sql}", parameters)

    def _beginning(self) -> Iterator[Condition]:
        """What is found at first, and below which id the blocks begin.

        Below filters, the newest posts that they leave are read, as many as it takes: PostgreSQL goes along them in
        their order, and stops when there are enough.
        """
        if not self.only:
            yield Condition("first AS (SELECT 0::bigint AS post_id WHERE FALSE)", ())
            yield Condition(f"top (id) AS (SELECT MAX(post_id) + 1 FROM {TABLE})", ())
            return
        sql, parameters = self.only.newest()
        yield Condition(f"newest (id) AS MATERIALIZED ({sql})", parameters)
        yield Condition(
            "first AS MATERIALIZED (SELECT id AS post_id FROM newest WHERE "
            f"(SELECT {self.column} @@ %s::tsquery FROM {TABLE} WHERE post_id = newest.id) LIMIT {self.limit})",
            (self.strict,),
        )
        yield Condition(
            f"top (id) AS (SELECT CASE WHEN COUNT(*) = {MAX_READ} AND (SELECT COUNT(*) FROM first) < {self.limit} "
            "THEN MIN(id) ELSE 0 END FROM newest)",
            (),
        )

    def _blocks(self) -> Condition:
        """Where each block begins, by leaps over those that have no post."""
        begins = f"SELECT MAX(post_id) / {BLOCK} * {BLOCK} FROM {TABLE} WHERE post_id <"
        return Condition(
            f"blocks (start) AS ({begins} (SELECT id FROM top) UNION ALL "
            f"SELECT ({begins} blocks.start) FROM blocks WHERE start > 0)",
            (),
        )

    def _found(self) -> Condition:
        having = self._having()
        first = "SELECT post_id, TRUE AS is_found, FALSE AS is_read FROM first"
        left = f"{self.limit} - (SELECT COUNT(*) FROM first)"
        if self.has_phrase:
            read = f"{having.sql} LIMIT CASE WHEN {left} > 0 THEN {MAX_READ} ELSE 0 END"
            return Condition(
                f"{first} UNION ALL SELECT post_id, {self.column} @@ %s::tsquery AND {self.visible.sql}, TRUE "
                f"FROM ({read}) AS document",
                (self.strict, *self.visible.parameters, *having.parameters),
            )
        return Condition(
            f"{first} UNION ALL (SELECT post_id, TRUE, FALSE FROM ({having.sql} OFFSET 0) AS document "
            f"WHERE {self.visible.sql} LIMIT {left})",
            (*having.parameters, *self.visible.parameters),
        )

    def _having(self) -> Condition:
        """The texts with the words, the highest ids first.

        The planner shall not know that the order is that of an index: else it would read all texts for words that it
        takes for common. And it shall take the blocks for one: what looks expensive is compiled, which takes longer
        than all the rest.
        """
        words = f"replace(%s, '''{GAP}', '''' || start / {BLOCK} || '{GAP}')::tsquery"
        return Condition(
            f"SELECT document.* FROM blocks CROSS JOIN LATERAL (SELECT post_id, {self.column} FROM {TABLE} "
            f"WHERE {in_block(self.column)} @@ {words} AND post_id + 0 < (SELECT id FROM top){self.narrow.sql} "
            "ORDER BY post_id + 0 DESC OFFSET 0) AS document WHERE start >= 0 AND start < (SELECT id FROM top)",
            (self.loose, *self.narrow.parameters),
        )
