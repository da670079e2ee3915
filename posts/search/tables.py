"""What search needs in the database beyond its models: FTS5's tables with their triggers, or PostgreSQL's indexes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connections

from ..installed import there
from ..models import Listing, Post, SearchDocument, TaggedPost
from ..terms import GAP

TABLE = SearchDocument._meta.db_table
TITLES, TEXTS = "title_vector", "text_vector"
# Apart, since FTS5 would read through the words of all texts to find one in a title.
FTS = {column: f"posts_fts_{column}_in_block" for column in (TITLES, TEXTS)}
# Posts of neighbouring ids whose terms are kept together. More of them make a smaller index on PostgreSQL, with more
# rows to fetch for a common word: of a million posts, 4,096 take 930 MB and 8,192 take 735 MB.
BLOCK = 8192
# On SQLite more of them make fewer blocks to look into for a rare word, and more to put together for the beginning of a
# word: titles, which have fewer words, have the larger ones.
BLOCKS_ON_SQLITE = {TITLES: 65_536, TEXTS: 16_384}
# On PostgreSQL what a filter lets through is gone along in the order of the posts, from the newest down.
IN_ORDER = {
    "posts_search_in_category": f"{Post.categories.through._meta.db_table} (category_id, post_id)",
    "posts_search_with_tag": f"{TaggedPost._meta.db_table} (tag_id, content_object_id)",
    "posts_search_by_author": f"{Listing._meta.db_table} (subject, post_id) WHERE kind = {Listing.Kind.AUTHOR.value}",
}


def install(using: str = "default", **_: Any) -> None:
    """Called after each migrate; leaves alone what is there."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            {"sqlite": _install_on_sqlite, "postgresql": _install_on_postgresql}[connection.vendor](cursor)


def lacking(using: str = "default") -> list[str]:
    """The names of triggers that are not there, though their table is. Only SQLite needs any."""
    connection = connections[using]
    if connection.vendor != "sqlite" or TABLE not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        marks = there(cursor)
    return [name for column in FTS for name, _ in _triggers(column) if name not in marks]


def rebuild(using: str = "default") -> None:
    """Make true what can have become untrue: FTS5's tables, of which SQLite does not know whose they are."""
    install(using)
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for column in FTS:
                _rebuild_on_sqlite(cursor, column)


def _install_on_sqlite(cursor: Any) -> None:
    """SQLite drops a table's triggers when a migration rebuilds it, and what was written since is not indexed.

    The tokenizer parts the terms at their blanks and nowhere else.
    """
    cursor.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')")
    names = {name for (name,) in cursor.fetchall()}
    for column, table in FTS.items():
        if names.issuperset({table, *(name for name, _ in _triggers(column))}):
            continue
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5({column}, content='', columnsize=0, "
            "tokenize=\"ascii tokenchars '+#._'\")"
        )
        for name, rule in _triggers(column):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"CREATE TRIGGER {name} {rule}")
        _rebuild_on_sqlite(cursor, column)


def _rebuild_on_sqlite(cursor: Any, column: str) -> None:
    table = FTS[column]
    cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")  # noqa: S608 -- all of it is ours, and below
    cursor.execute(f"INSERT INTO {table} (rowid, {column}) SELECT post_id, {_in_block_on_sqlite(column)} FROM {TABLE}")  # noqa: S608
    # In one piece, where each word is looked up once.
    cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608


def _triggers(column: str) -> Iterator[tuple[str, str]]:
    """The name and the rule of each trigger that keeps the table of a column true."""
    table = FTS[column]
    old, new = _in_block_on_sqlite(column, "OLD."), _in_block_on_sqlite(column, "NEW.")
    add = f"INSERT INTO {table} (rowid, {column}) VALUES (NEW.post_id, {new});"  # noqa: S608
    remove = f"INSERT INTO {table} ({table}, rowid, {column}) VALUES ('delete', OLD.post_id, {old});"  # noqa: S608
    yield f"{table}_insert", f"AFTER INSERT ON {TABLE} BEGIN {add} END"
    yield f"{table}_update", f"AFTER UPDATE OF {column} ON {TABLE} BEGIN {remove} {add} END"
    yield f"{table}_delete", f"AFTER DELETE ON {TABLE} BEGIN {remove} END"


def _in_block_on_sqlite(column: str, row: str = "") -> str:
    """The terms of a column, each behind the number of its block."""
    return f"replace(' ' || {row}{column}, ' ', ' ' || ({row}post_id / {BLOCKS_ON_SQLITE[column]}) || '{GAP}')"


def _install_on_postgresql(cursor: Any) -> None:
    """The indexes of terms have no list of pending entries, which every search would have to read through."""
    indexes = {index_of(column): f"{TABLE} USING gin (({in_block(column)})) WITH (fastupdate = off)" for column in FTS}
    for index, columns in (indexes | IN_ORDER).items():
        cursor.execute("SELECT to_regclass(%s)", [index])
        if cursor.fetchone()[0] is None:
            cursor.execute(f"CREATE INDEX {index} ON {columns}")


def index_of(column: str) -> str:
    return f"{TABLE}_{column}_in_block"


def in_block(column: str) -> str:
    """The terms of a column for PostgreSQL's index, each behind the number of its block. No term has a quote."""
    opening = "' '''"
    marked = f"{opening} || (post_id / {BLOCK})::text || '{GAP}'"
    return f"(replace(' ' || strip({column})::text, {opening}, {marked}))::tsvector"
