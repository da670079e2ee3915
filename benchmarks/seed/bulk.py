"""Rows on their way into the database, by the shortest way that each engine has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

BATCH = 10_000

# SQLite loses the database if the machine fails meanwhile, and nobody else may read it: it is being made.
_FAST_ON_SQLITE = (
    "PRAGMA foreign_keys = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA journal_mode = MEMORY",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA cache_size = -1000000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA threads = 2",
)
_USUAL_ON_SQLITE = ("PRAGMA locking_mode = NORMAL", "PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = ON")
_FAST_ON_POSTGRESQL = (
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '1GB'",
    "SET max_parallel_maintenance_workers = 2",
)
_USUAL_ON_POSTGRESQL = tuple(
    f"RESET {name}"
    for name in (
        "session_replication_role",
        "synchronous_commit",
        "maintenance_work_mem",
        "max_parallel_maintenance_workers",
    )
)

# Each statement that makes an index or a trigger anew, with the one that drops it.
_MADE_ON_SQLITE = (
    "SELECT sql, 'DROP ' || type || ' \"' || name || '\"' FROM sqlite_master "
    "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN ({})"
)
_MADE_ON_POSTGRESQL = (
    "SELECT pg_get_indexdef(indexrelid), 'DROP INDEX ' || indexrelid::regclass FROM pg_index "
    "WHERE indrelid::regclass::text IN ({}) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
)


@contextmanager
def out_of_the_way(models: Iterable[type[Model]]) -> Iterator[None]:
    """Without indexes and triggers of these tables meanwhile, which are built at the end, in one go each."""
    tables = [model._meta.db_table for model in models]
    is_sqlite = connection.vendor == "sqlite"
    _run(_FAST_ON_SQLITE if is_sqlite else _FAST_ON_POSTGRESQL)
    found = (_MADE_ON_SQLITE if is_sqlite else _MADE_ON_POSTGRESQL).format(", ".join(["%s"] * len(tables)))
    with connection.cursor() as cursor:
        cursor.execute(found, tables)
        made = cursor.fetchall()
    _run(drop for _, drop in made)
    yield
    # Indexes first: a trigger might need one.
    _run(sorted((make for make, _ in made), key=lambda sql: " TRIGGER " in sql.partition("\n")[0][:60]))
    _run(_USUAL_ON_SQLITE if is_sqlite else _USUAL_ON_POSTGRESQL)


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def columns_of(model: type[Model]) -> list[str]:
    return [field.column for field in model._meta.local_concrete_fields]


def write(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append rows whose values are as the database writes them; all columns without a default have to be there."""
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(statement)
            return
        insert = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608 -- our own names
        cursor.execute("BEGIN")
        for batch in batched(rows, BATCH):
            connection.connection.executemany(insert, batch)
        cursor.execute("COMMIT")


def literal(field: str, model: type[Model], value: Any) -> Any:
    """A value as the column of this field takes it."""
    return model._meta.get_field(field).get_db_prep_value(value, connection)
