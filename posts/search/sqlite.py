"""Candidates from FTS5.

It walks along the posts with a word from the highest id down and stops when it is told; but for the beginning of a word
it puts together all the posts with any word that begins like it, before it tells the first. So each term is indexed
behind the number of a block of neighbouring posts, and the blocks are gone through from the newest down.
"""

# ruff: noqa: S608 -- all of the SQL is ours

from __future__ import annotations

from collections.abc import Sequence

from ..terms import GAP
from .engines import Condition, Grammar, Wanted
from .narrowing import Narrowing
from .tables import BLOCKS_ON_SQLITE, FTS, TABLE

GRAMMAR = Grammar(all_of=" AND ", any_of=" OR ", followed_by=" + ", quotes='"', prefix=" *", opening=f'"{GAP}')


def statement(column: str, wanted: Sequence[Wanted], only: Narrowing, limit: str) -> Condition:
    """SQL for what was looked at, from the newest post down: all of it is found, and none of it had to be read.

    The finds of a block are a list in JSON, since SQLite would put those of all blocks into their order at once.
    """
    span, found = only.span(), _found_in_block(FTS[column], wanted, only, limit)
    return Condition(
        f"WITH RECURSIVE span (low, high) AS MATERIALIZED ({span.sql}), {_blocks(BLOCKS_ON_SQLITE[column])} "
        "SELECT value AS post_id, TRUE AS is_found, FALSE AS is_read FROM blocks "
        f"CROSS JOIN json_each((SELECT json_group_array(id) FROM ({found.sql}))) "
        f"WHERE number IS NOT NULL LIMIT {limit}",
        (*span.parameters, *found.parameters),
    )


def _found_in_block(table: str, wanted: Sequence[Wanted], only: Narrowing, limit: str) -> Condition:
    key = f"{table}.rowid"
    narrow, visible = only.condition(key), only.visible(key)
    return Condition(
        f"SELECT {key} AS id FROM {table} WHERE {table} MATCH replace(%s, '\"{GAP}', '\"' || number || '{GAP}') "
        f"AND {key} >= (SELECT low FROM span) AND {key} <= (SELECT high FROM span){narrow.sql} AND {visible.sql} "
        f"ORDER BY {key} DESC LIMIT {limit}",
        (GRAMMAR.expression(wanted), *narrow.parameters, *visible.parameters),
    )


def _blocks(size: int) -> str:
    """The numbers of the blocks from the highest down, by leaps over those that have no post; NULL below the last."""
    highest = f"SELECT MAX(post_id) / {size} FROM {TABLE} WHERE post_id"
    return (
        f"blocks (number) AS ({highest} <= (SELECT high FROM span) UNION ALL "
        f"SELECT ({highest} < number * {size}) FROM blocks WHERE number * {size} > (SELECT low FROM span))"
    )
