"""Candidates from a tsvector.

Its index, GIN, gives all rows with a term at once and in no order: slow for a word that half of all texts have. So
each text has the mark of its block as one more term: the newest blocks are looked through first, then more and more
older ones, until there are enough candidates. The texts themselves are read, some fifty in a millisecond, to find a
phrase in those that have its words, and where filters leave few to read.

All of it is one statement, with a table for each step. A step is left out, by a condition that PostgreSQL tests before
it begins with it, once the earlier ones have found enough.
"""

# ruff: noqa: S608 -- all of the SQL is ours

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..terms import BLOCK, GAP
from .engines import MAX_READ, Condition, Found, Grammar, Narrowing, Wanted, rows
from .tables import TABLE

GRAMMAR = Grammar(all_of=" & ", any_of=" | ", followed_by=" <-> ", quotes="'", prefix=":*")
# GIN knows which terms a text has, but not where.
_WITHOUT_ORDER = replace(GRAMMAR, followed_by=" & ")

# How many blocks are looked through at a time; then all that are left.
STEPS = (2, 8)


def candidates(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: int) -> Found:
    looking = _Looking(column, wanted, only, limit)
    seen = rows(*looking.seen())
    found = sorted((pk for pk, is_found, _ in seen if is_found), reverse=True)[:limit]
    gave_up = looking.has_phrase and sum(step > 0 for *_, step in seen) >= MAX_READ
    return Found(found, is_complete=len(found) >= limit or not gave_up)


def statement(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: int) -> Condition:
    """The same as SQL for the ids."""
    sql, *parameters = _Looking(column, wanted, only, limit).seen()
    return Condition(
        f"SELECT post_id FROM ({sql}) AS seen WHERE is_found ORDER BY post_id DESC LIMIT %s",
        (*parameters, limit),
    )


class _Looking:
    """Looks through posts from the newest down, for those that have all of what is wanted and may be seen."""

    def __init__(self, column: str, wanted: Sequence[Wanted], only: Narrowing, limit: int) -> None:
        self.column, self.only, self.limit = column, only, limit
        self.strict, self.loose = GRAMMAR.expression(wanted), _WITHOUT_ORDER.expression(wanted)
        self.has_phrase = self.strict != self.loose
        self.narrow, self.visible = only.condition("post_id"), only.visible("document.post_id")

    def seen(self) -> tuple[str, *tuple[object, ...]]:
        """SQL with its parameters: the id of each post that was looked at, whether it is found, and in which step.

        Step 0 are the posts that were read before the others, below filters.
        """
        tables = [*self._beginning(), self._ends(), *(self._step(number) for number in range(1, len(STEPS) + 2))]
        found = " UNION ALL ".join(f"SELECT * FROM step_{number}" for number in range(len(STEPS) + 2))
        parameters = [parameter for table in tables for parameter in table.parameters]
        return f"WITH {', '.join(table.sql for table in tables)} {found}", *parameters

    def _beginning(self) -> Iterator[Condition]:
        """Below filters, the newest posts that they leave are read, as many as it takes.

        PostgreSQL goes along them in their order, and stops when there are enough.
        """
        if not self.only:
            yield Condition("step_0 AS (SELECT 0::bigint AS post_id, FALSE AS is_found, 0 AS step WHERE FALSE)", ())
            return
        sql, parameters = self.only.newest()
        yield Condition(f"newest (id) AS MATERIALIZED ({sql})", parameters)
        yield Condition(
            "step_0 AS MATERIALIZED (SELECT id AS post_id, TRUE AS is_found, 0 AS step FROM newest WHERE "
            f"(SELECT {self.column} @@ %s::tsquery FROM {TABLE} WHERE post_id = newest.id) LIMIT %s)",
            (self.strict, self.limit),
        )

    def _ends(self) -> Condition:
        """The ends of the steps as columns: each looks below its own, down to that of the next. At 0 all is seen."""
        above = f"SELECT COALESCE(MAX(post_id), 0) + 1 AS end_1 FROM {TABLE}"
        if self.only:
            above = (
                f"SELECT CASE WHEN COUNT(*) = {MAX_READ} AND (SELECT COUNT(*) FROM step_0) < {self.limit} "
                "THEN MIN(id) ELSE 0 END AS end_1 FROM newest"
            )
        ends = ["end_1"]
        for number in range(1, len(STEPS) + 1):
            blocks = sum(STEPS[:number])
            ends.append(f"GREATEST((end_1 - 1) / {BLOCK} + 1 - {blocks}, 0) * {BLOCK} AS end_{number + 1}")
        return Condition(
            f"ends AS MATERIALIZED (SELECT {', '.join(ends)}, 0 AS end_{len(STEPS) + 2} FROM ({above}) AS beginning)",
            (),
        )

    def _step(self, number: int) -> Condition:
        """The highest ids of texts that have the words.

        The planner shall neither know the words nor that the order is that of an index: else it would read all texts
        for what it takes for common. Nor shall it join all posts to see which of them may be seen, hence the CASE.
        """
        earlier = " + ".join(f"(SELECT COUNT(*) FROM step_{one} WHERE is_found)" for one in range(number))
        first, above = f"(SELECT end_{number + 1} FROM ends)", f"(SELECT end_{number} FROM ends)"
        words, terms = self._words(number, first, above)
        having = (
            f"SELECT post_id, {self.column} FROM {TABLE} WHERE {self.column} @@ {words} "
            f"AND post_id + 0 >= {first} AND post_id + 0 < {above}{self.narrow.sql} "
            f"AND {first} < {above} AND {earlier} < {self.limit} ORDER BY post_id + 0 DESC"
        )
        parameters = (*terms, *self.narrow.parameters)
        may_be_seen = f"CASE WHEN {self.visible.sql} THEN TRUE ELSE FALSE END"
        if self.has_phrase:
            read = " + ".join(f"(SELECT COUNT(*) FROM step_{one} WHERE step > 0)" for one in range(number))
            return Condition(
                f"step_{number} AS MATERIALIZED (SELECT post_id, {self.column} @@ %s::tsquery AND {may_be_seen} "
                f"AS is_found, {number} AS step FROM ({having} LIMIT {MAX_READ} - ({read})) AS document)",
                (self.strict, *self.visible.parameters, *parameters),
            )
        return Condition(
            f"step_{number} AS MATERIALIZED (SELECT post_id, TRUE AS is_found, {number} AS step "
            f"FROM ({having} OFFSET 0) AS document WHERE {may_be_seen} LIMIT {self.limit} - ({earlier}))",
            (*parameters, *self.visible.parameters),
        )

    def _words(self, number: int, first: str, above: str) -> Condition:
        """The words, in one of the blocks that a step looks through; the last one looks through all that are left."""
        if number > len(STEPS):
            return Condition("(SELECT %s::tsquery)", (self.loose,))
        return Condition(
            f"(SELECT (%s::text || ' & (' || string_agg('''{GAP}' || number || '''', ' | ') || ')')::tsquery "
            f"FROM generate_series({first} / {BLOCK}, ({above} - 1) / {BLOCK}) AS number)",
            (self.loose,),
        )
