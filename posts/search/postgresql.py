"""Candidates from a tsvector.

Its index, GIN, gives all rows with a term at once and in no order: slow for a word that half of all texts have. So
each text has the mark of its block as one more term: the newest blocks are looked through first, then more and more
older ones, until there are enough candidates. The texts themselves are read, some fifty in a millisecond, to find a
phrase in those that have its words, and where filters leave few to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import batched, chain, repeat

from ..terms import BLOCK, block_mark
from .engines import MAX_READ, Condition, Found, Grammar, Narrowing, Wanted, array, rows
from .tables import TABLE

GRAMMAR = Grammar(all_of=" & ", any_of=" | ", followed_by=" <-> ", quotes="'", prefix=":*")
# GIN knows which terms a text has, but not where.
_WITHOUT_ORDER = replace(GRAMMAR, followed_by=" & ")

# How many blocks are looked through at a time; then all that are left.
STEPS = (2, 8)


def candidates(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: int) -> Found:
    reader = _Reader(column, wanted, only)
    newest = only.newest if only else []
    ids = reader.read(newest, limit)
    if len(ids) >= limit or (only and len(newest) < MAX_READ):
        return Found(ids)
    above = newest[-1] if newest else reader.end()
    for step in reader.steps(above, limit):
        ids += step.ids
        if step.is_complete or len(ids) >= limit:
            return Found(ids[:limit])
    return Found(ids, is_complete=False)


class _Reader:
    """Looks through posts from the newest down, and finds those that have all of what is wanted and may be seen."""

    def __init__(self, column: str, wanted: Sequence[Wanted], only: Narrowing) -> None:
        self.column = column
        self.strict, self.loose = GRAMMAR.expression(wanted), _WITHOUT_ORDER.expression(wanted)
        self.has_phrase = self.strict != self.loose
        self.narrow, self.visible = only.condition("post_id"), only.visible("document.post_id")

    def read(self, ids: Sequence[int], limit: int) -> list[int]:
        """Those of these posts whose texts have it; as soon as there are `limit` no more are read.

        The offset keeps the planner from going by the index, which would not know that these are few.
        """
        found: list[int] = []
        for some in batched(ids, limit + limit // 4 + 1):
            found += self._read(some)
            if len(found) >= limit:
                break
        return found[:limit]

    def _read(self, ids: Sequence[int]) -> list[int]:
        found = rows(
            f"SELECT post_id FROM (SELECT post_id, {self.column} FROM {TABLE} WHERE post_id = ANY(%s::bigint[]) "  # noqa: S608 -- all of it is ours, here and below
            f"OFFSET 0) AS document WHERE {self.column} @@ %s::tsquery ORDER BY post_id DESC",
            array(ids),
            self.strict,
        )
        return [pk for (pk,) in found]

    def end(self) -> int:
        """Above the highest id."""
        ((highest,),) = rows(f"SELECT max(post_id) FROM {TABLE}")  # noqa: S608
        return (highest or 0) + 1

    def steps(self, above: int, limit: int) -> Iterator[Found]:
        """What is found below an id, step by step; before the last one it ends where a phrase was looked for enough."""
        look = MAX_READ if self.has_phrase else 2 * limit + 100
        blocks = chain(STEPS, repeat(0))
        while above > 0 and look > 0:
            number = next(blocks)
            first = max((above - 1) // BLOCK + 1 - number, 0) * BLOCK if number else 0
            seen = self._look(first, above, look)
            above = seen[-1][0] if len(seen) == look else first
            look = look - len(seen) if self.has_phrase else 4 * look
            yield Found([pk for pk, is_found in seen if is_found], is_complete=above == 0)

    def _look(self, first: int, above: int, limit: int) -> list[tuple[int, bool]]:
        """The highest ids from `first` to below `above` of texts that have the words; whether each is found.

        The planner shall neither know the words nor that the order is that of an index: else it would read all texts
        for what it takes for common.
        """
        blocks = " | ".join(f"'{block_mark(pk)}'" for pk in range(first, above, BLOCK)) if first else ""
        found = (
            Condition(f"{self.column} @@ %s::tsquery AND ", (self.strict,)) if self.has_phrase else Condition("", ())
        )
        return rows(
            f"SELECT post_id, {found.sql}{self.visible.sql} FROM (SELECT post_id, {self.column} FROM {TABLE} "  # noqa: S608
            f"WHERE {self.column} @@ (SELECT %s::tsquery) AND post_id < %s{self.narrow.sql} "
            "ORDER BY post_id + 0 DESC LIMIT %s) AS document ORDER BY post_id DESC",
            *found.parameters,
            *self.visible.parameters,
            f"{self.loose} & ({blocks})" if blocks else self.loose,
            above,
            *self.narrow.parameters,
            limit,
        )
