"""Triggers that count: each change of the watched tables turns a counter in the table of generations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db import connections
from django.db.migrations import AlterField, Migration

from . import installed
from .installed import Trigger
from .models import Generation, Surroundings

NEVER = datetime.fromtimestamp(0, UTC)
ALL_POSTS = 0
"""The id in the table of surroundings that stands for all posts."""

COUNTERS = Generation._meta.db_table
AROUND = Surroundings._meta.db_table

Plan = Sequence[tuple[Migration, bool]]
"""What a migrate is about to do: migrations, and whether each is to be taken back."""

NOW_ON_SQLITE = "strftime('%Y-%m-%d %H:%M:%f', 'now')"


@dataclass(frozen=True)
class Watch:
    """What a counter counts: changes of these columns of a table.

    `only` and `where`, conditions in SQL about `{row}`, leave out rows for which they hold neither before nor after the
    change. `only` may look at the row alone, `where` at other tables. `around`, a query about `{row}`, gives the ids of
    the posts around which something changes; it belongs to a counter of surroundings.
    """

    counter: int
    table: str
    columns: tuple[str, ...]
    only: str = ""
    where: str = ""
    around: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}_generation_{self.counter}"


@dataclass(frozen=True)
class _Event:
    """A change that a trigger waits for, and by which names it knows the row: as it was, and as it is."""

    watch: Watch
    name: str
    sql: str
    rows: tuple[str, ...]

    @property
    def trigger(self) -> str:
        return f"{self.watch.name}_{self.name}"

    def either(self, condition: str) -> str:
        """That it holds before or after the change; "" for no condition."""
        return " OR ".join(f"({condition.format(row=row)})" for row in self.rows) if condition else ""

    def changed(self, is_not: str) -> str:
        """That any column has another value than before, in the words of an engine; "" for a row that comes or goes."""
        if len(self.rows) == 1:
            return ""
        old, new = (", ".join(f'{row}."{column}"' for column in self.watch.columns) for row in self.rows)
        return f"({old}) {is_not} ({new})"


def _events(watch: Watch) -> list[_Event]:
    columns = ", ".join(f'"{column}"' for column in watch.columns)
    return [
        _Event(watch, "insert", "INSERT", ("NEW",)),
        _Event(watch, "update", f"UPDATE OF {columns}", ("OLD", "NEW")),
        _Event(watch, "delete", "DELETE", ("OLD",)),
    ]


def install(using: str, watches: Iterable[Watch]) -> None:
    """Create the counters and the triggers, where their tables are there; those tables' triggers of before are gone.

    A counter has to be there before it is turned: two transactions that both create it know no order. SQLite drops a
    table's triggers whenever a migration rebuilds it, so they cannot live in a migration. Where one was missing, or
    was another one, something may have changed without it, and all that it counts with turns.
    """
    connection = connections[using]
    there = watched(using, watches)
    with connection.cursor() as cursor:
        installing = ENGINES[connection.vendor](cursor)
        before = installed.there(cursor) if there else {}
        for table in {watch.table for watch in there}:
            installing.remove(table)
        uncounted = set()
        for watch in there:
            _, is_new = Generation.objects.using(using).get_or_create(pk=watch.counter, defaults={"changed_at": NEVER})
            wanted = list(installing.triggers(watch))
            installed.create(cursor, wanted)
            if not is_new and installed.lacking_in(before, connection.vendor, wanted):
                uncounted.add(watch.counter)
    for counter in sorted(uncounted):
        turn(counter, using)


def watched(using: str, watches: Iterable[Watch]) -> list[Watch]:
    """Those whose tables are there; none as long as there is nowhere to count."""
    tables = connections[using].introspection.table_names()
    return [watch for watch in watches if watch.table in tables and COUNTERS in tables]


def lacking(using: str, watches: Iterable[Watch]) -> list[str]:
    """The names of triggers that are not there as `install` makes them, though their tables are."""
    engine = ENGINES[connections[using].vendor]
    wanted = [trigger for watch in watched(using, watches) for trigger in engine.triggers(watch)]
    return installed.lacking(using, wanted)


def make_way(using: str = "default", plan: Plan = (), **_: Any) -> None:
    """Called before each migrate. What is written until it ends counts then, see `install`."""
    connection = connections[using]
    if are_in_the_way(using, plan):
        with connection.cursor() as cursor:
            installing = ENGINES[connection.vendor](cursor)
            for table in connection.introspection.table_names(cursor):
                installing.remove(table)


def are_in_the_way(using: str, plan: Plan) -> bool:
    """Whether triggers may keep these migrations from being applied.

    SQLite renames no table of which a trigger of another one speaks, and renames one for nearly every change.
    PostgreSQL changes no column that a trigger compares.
    """
    if connections[using].vendor == "sqlite":
        return bool(plan)
    return any(isinstance(operation, AlterField) for migration, _ in plan for operation in migration.operations)


def turn(counter: int, using: str = "default") -> None:
    """Count a change that no trigger sees, such as that of an index; last of all in a transaction."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT posts_turn(%s)", [counter])
        else:
            cursor.execute(_bump(str(counter), NOW_ON_SQLITE))


def _bump(counter: str, moment: str) -> str:
    return (
        f'INSERT INTO "{COUNTERS}" (id, number, changed_at) VALUES ({counter}, 1, {moment}) '  # noqa: S608 -- all of it is ours
        f"ON CONFLICT (id) DO UPDATE SET number = {COUNTERS}.number + 1, changed_at = excluded.changed_at"
    )


def _note(watch: Watch, row: str) -> str:
    """Write down around which posts something has changed, each only once in a transaction."""
    return (
        f"INSERT INTO {AROUND} (post_id, number) "  # noqa: S608 -- all of it is ours
        f"SELECT DISTINCT found.id, {COUNTERS}.number FROM ({watch.around.format(row=row)}) AS found, {COUNTERS} "
        f"WHERE {COUNTERS}.id = {watch.counter} AND found.id IS NOT NULL "
        f"ON CONFLICT (post_id) DO UPDATE SET number = excluded.number WHERE {AROUND}.number <> excluded.number"
    )


class _OnSQLite:
    """Triggers that count at once: a transaction that writes is the only one."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def remove(self, table: str) -> None:
        self.cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{table}_generation_%"]
        )
        for (name,) in self.cursor.fetchall():
            self.cursor.execute(f'DROP TRIGGER "{name}"')

    @staticmethod
    def triggers(watch: Watch) -> Iterator[Trigger]:
        for event in _events(watch):
            when = _all_of([event.either(watch.only), event.either(watch.where), event.changed("IS NOT")])
            steps = [_bump(str(watch.counter), NOW_ON_SQLITE)]
            steps += [_note(watch, row) for row in event.rows if watch.around]
            rule = (
                f'CREATE TRIGGER "{event.trigger}" AFTER {event.sql} ON "{watch.table}" '
                f"{f'WHEN {when}' if when else ''} BEGIN {'; '.join(steps)}; END"
            )
            yield Trigger(event.trigger, watch.table, (rule,))


class _OnPostgreSQL:
    """Triggers that fire at the commit, once all rows of the transaction are locked, and count it once.

    Whoever counted earlier would hold the counter while it waits for rows of others, who wait for the counter. For the
    same reason a transaction that turns several counters takes them in the order of their ids.
    """

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        # Once it has been counted, the transaction holds the counter already.
        cursor.execute(
            "CREATE OR REPLACE FUNCTION posts_turn(counter bigint) RETURNS void LANGUAGE plpgsql AS "  # noqa: S608 -- ours
            f"$$ BEGIN IF NOT EXISTS (SELECT FROM {COUNTERS} "
            "WHERE id = counter AND xmin = pg_current_xact_id()::xid) THEN "
            f"PERFORM 1 FROM {COUNTERS} WHERE id <= counter ORDER BY id FOR NO KEY UPDATE; "
            f"{_bump('counter', 'clock_timestamp()')}; END IF; END $$"
        )

    def remove(self, table: str) -> None:
        self.cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE %s",
            [f'"{table}"', f"{table}_generation_%"],
        )
        for (name,) in self.cursor.fetchall():
            self.cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')

    @staticmethod
    def triggers(watch: Watch) -> Iterator[Trigger]:
        """A condition that looks at other tables is asked at the commit, too: no trigger may have it of its own."""
        for event in _events(watch):
            when = _all_of([event.either(watch.only), event.changed("IS DISTINCT FROM")])
            rule = (
                f'CREATE CONSTRAINT TRIGGER "{event.trigger}" AFTER {event.sql} ON "{watch.table}" '
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {f'WHEN ({when})' if when else ''} "
                f'EXECUTE FUNCTION "{event.trigger}"()'
            )
            yield Trigger(event.trigger, watch.table, (_function_of(event), rule))
        yield _for_truncation(watch)


def _function_of(event: _Event) -> str:
    watch = event.watch
    steps = [f"PERFORM posts_turn({watch.counter})"]
    steps += [_note(watch, row) for row in event.rows if watch.around]
    where = event.either(watch.where) or "true"
    return _function(event.trigger, f"IF {where} THEN {'; '.join(steps)}; END IF")


def _for_truncation(watch: Watch) -> Trigger:
    name = f"{watch.name}_truncate"
    everything = replace(watch, around=f"SELECT {ALL_POSTS} AS id")
    note = f"; {_note(everything, '')}" if watch.around else ""
    rule = f'CREATE TRIGGER "{name}" AFTER TRUNCATE ON "{watch.table}" FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()'
    return Trigger(name, watch.table, (_function(name, f"PERFORM posts_turn({watch.counter}){note}"), rule))


def _function(name: str, body: str) -> str:
    return (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS '
        f"$$ BEGIN {body}; RETURN NULL; END $$"
    )


ENGINES: dict[str, type[_OnSQLite | _OnPostgreSQL]] = {"sqlite": _OnSQLite, "postgresql": _OnPostgreSQL}


def _all_of(conditions: Iterable[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions if condition)
