"""Triggers that count: each change of the watched tables turns a counter in the table of generations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connections

from .models import Generation

NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Watch:
    """What a counter counts: changes of these columns of a table.

    `only`, a condition in SQL about `{row}`, leaves out rows for which it holds neither before nor after the change.
    """

    counter: int
    table: str
    columns: tuple[str, ...]
    only: str = ""


def install(using: str, watches: Iterable[Watch]) -> None:
    """Create the counters and the triggers, where their tables are there; triggers of before are replaced.

    A counter has to be there before it is turned: two transactions that both create it know no order. SQLite drops a
    table's triggers whenever a migration rebuilds it, so they cannot live in a migration.
    """
    connection = connections[using]
    tables = connection.introspection.table_names()
    if Generation._meta.db_table not in tables:
        return
    engine = {"sqlite": _install_on_sqlite, "postgresql": _install_on_postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for watch in watches:
            if watch.table in tables:
                Generation.objects.using(using).get_or_create(pk=watch.counter, defaults={"changed_at": NEVER})
                engine(cursor, watch)


def _events(watch: Watch) -> Iterable[tuple[str, str, str]]:
    """For each trigger its name, its event and its condition in SQL."""
    columns = ", ".join(f'"{column}"' for column in watch.columns)
    events = {
        "insert": ("INSERT", ["NEW"]),
        "update": (f"UPDATE OF {columns}", ["OLD", "NEW"]),
        "delete": ("DELETE", ["OLD"]),
    }
    for name, (event, rows) in events.items():
        conditions = [f"({watch.only.format(row=row)})" for row in rows]
        when = f"WHEN ({' OR '.join(conditions)})" if watch.only else ""
        yield f"{watch.table}_generation_{name}", event, when


def _bump(counter: str, moment: str) -> str:
    table = Generation._meta.db_table
    return (
        f'INSERT INTO "{table}" (id, number, changed_at) VALUES ({counter}, 1, {moment}) '  # noqa: S608 -- all of it is ours
        f"ON CONFLICT (id) DO UPDATE SET number = {table}.number + 1, changed_at = excluded.changed_at"
    )


def _install_on_sqlite(cursor: Any, watch: Watch) -> None:
    bump = _bump(str(watch.counter), "strftime('%Y-%m-%d %H:%M:%f', 'now')")
    for name, event, when in _events(watch):
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        cursor.execute(f'CREATE TRIGGER "{name}" AFTER {event} ON "{watch.table}" {when} BEGIN {bump}; END')


def _install_on_postgresql(cursor: Any, watch: Watch) -> None:
    """Triggers that fire at the commit, once all rows of the transaction are locked, and count it once.

    Whoever counted earlier would hold the counter while it waits for rows of others, who wait for the counter. For the
    same reason a transaction that turns several counters takes them in the order of their ids.
    """
    table = Generation._meta.db_table
    cursor.execute(
        "CREATE OR REPLACE FUNCTION posts_bump_generation() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN PERFORM 1 FROM {table} WHERE id <= TG_ARGV[0]::bigint ORDER BY id FOR NO KEY UPDATE; "
        f"{_bump('TG_ARGV[0]::bigint', 'clock_timestamp()')} WHERE {table}.xmin <> pg_current_xact_id()::xid; "
        "RETURN NULL; END $$"
    )
    bump = f"EXECUTE FUNCTION posts_bump_generation({watch.counter})"
    for name, event, when in _events(watch):
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{watch.table}"')
        cursor.execute(
            f'CREATE CONSTRAINT TRIGGER "{name}" AFTER {event} ON "{watch.table}" '
            f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {when} {bump}"
        )
    cursor.execute(
        f'CREATE OR REPLACE TRIGGER "{watch.table}_generation_truncate" AFTER TRUNCATE ON "{watch.table}" '
        f"FOR EACH STATEMENT {bump}"
    )
