"""Triggers as they are in the database, beside what they are to be: one that is missing leaves changes unnoticed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connections

# SQLite keeps what it was told, word by word; PostgreSQL does not, so that a comment tells it. Views belong to
# triggers on SQLite. One that is switched off is as good as none.
THERE = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')",
    "postgresql": "SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger "
    "WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


class Trigger(NamedTuple):
    """The last of its `statements` creates it; those before it make what it needs, such as its function."""

    name: str
    table: str
    statements: tuple[str, ...]

    def mark(self, vendor: str) -> str:
        """What it is known by in the database, if it is there as these statements make it."""
        if vendor == "sqlite":
            return self.statements[-1]
        return hashlib.sha256("\n".join(self.statements).encode()).hexdigest()


def create(cursor: Any, triggers: Iterable[Trigger]) -> None:
    vendor = cursor.db.vendor
    for trigger in triggers:
        for statement in trigger.statements:
            cursor.execute(statement)
        if vendor == "postgresql":
            cursor.execute(f"""COMMENT ON TRIGGER "{trigger.name}" ON {trigger.table} IS '{trigger.mark(vendor)}'""")


def there(cursor: Any) -> dict[str, str]:
    """The mark of each trigger of the database, by its name."""
    cursor.execute(THERE[cursor.db.vendor])
    return dict(cursor.fetchall())


def lacking(using: str, triggers: Iterable[Trigger]) -> list[str]:
    """The names of those that the database does not have, or has as another version made them."""
    with connections[using].cursor() as cursor:
        return lacking_in(there(cursor), cursor.db.vendor, triggers)


def lacking_in(marks: dict[str, str], vendor: str, triggers: Iterable[Trigger]) -> list[str]:
    return [trigger.name for trigger in triggers if marks.get(trigger.name) != trigger.mark(vendor)]
