"""What search needs in the database beyond its models: FTS5's table with its triggers, or PostgreSQL's indexes."""

from __future__ import annotations

from typing import Any

from django.db import connections

from ..models import SearchDocument

TABLE = SearchDocument._meta.db_table
FTS = "posts_searchindex"
COLUMNS = ("title_vector", "text_vector")

_OLD, _NEW = (", ".join(f"{row}.{column}" for column in ("post_id", *COLUMNS)) for row in ("OLD", "NEW"))
_NAMES = ", ".join(COLUMNS)
_ADD = f"INSERT INTO {FTS} (rowid, {_NAMES}) VALUES ({_NEW});"  # noqa: S608 -- all of it is ours, here and below
_REMOVE = f"INSERT INTO {FTS} ({FTS}, rowid, {_NAMES}) VALUES ('delete', {_OLD});"  # noqa: S608
_TRIGGERS = {
    f"{FTS}_insert": f"AFTER INSERT ON {TABLE} BEGIN {_ADD} END",
    f"{FTS}_update": f"AFTER UPDATE ON {TABLE} BEGIN {_REMOVE} {_ADD} END",
    f"{FTS}_delete": f"AFTER DELETE ON {TABLE} BEGIN {_REMOVE} END",
}


def install(using: str = "default", **_: Any) -> None:
    """Called after each migrate; leaves alone what is there."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE in connection.introspection.table_names(cursor):
            {"sqlite": _install_on_sqlite, "postgresql": _install_on_postgresql}[connection.vendor](cursor)


def _install_on_sqlite(cursor: Any) -> None:
    """SQLite drops a table's triggers when a migration rebuilds it, and what was written since is not indexed.

    The tokenizer parts the terms at their blanks and nowhere else.
    """
    cursor.execute("SELECT name FROM sqlite_master WHERE name = %s OR type = 'trigger'", [FTS])
    there = {name for (name,) in cursor.fetchall()}
    if there.issuperset({FTS, *_TRIGGERS}):
        return
    cursor.execute(
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {FTS} USING fts5({_NAMES}, content='{TABLE}', content_rowid='post_id', "
        "columnsize=0, tokenize=\"ascii tokenchars '+#._'\")"
    )
    for name, rule in _TRIGGERS.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(f"CREATE TRIGGER {name} {rule}")
    cursor.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')")  # noqa: S608


def _install_on_postgresql(cursor: Any) -> None:
    """Without the list of pending entries, which every search would have to read through."""
    for column in COLUMNS:
        cursor.execute(
            f"CREATE INDEX IF NOT EXISTS {TABLE}_{column} ON {TABLE} USING gin ({column}) WITH (fastupdate = off)"
        )
