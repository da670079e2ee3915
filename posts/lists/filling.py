"""The lists filled and compared as a whole, by statements for all posts at once."""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

from django.db import connections, transaction
from django.utils import timezone

from ..generation import CONTENT
from ..triggers import turn
from .definition import ALL, ANCESTRY, COLUMNS, KEY, LISTINGS, WAY, WAYS, Kind, places
from .engines import engine_of
from .tallies import TALLIES, true_tallies

TALLY = "kind, subject, number"
THERE = f"SELECT {COLUMNS} FROM {LISTINGS}"
TALLIED = f"SELECT kind, subject, SUM(number) AS number FROM {TALLIES} GROUP BY kind, subject HAVING SUM(number) <> 0"
TRUE = f"SELECT {COLUMNS} FROM ({places(ALL)}) AS place"
# What has expired may be there or not: it stands nowhere, whatever the clock may do.
MAY_YET_STAND = f"{TRUE} WHERE unpublish_at IS NULL OR unpublish_at > %s"


class Differences(NamedTuple):
    """How many rows are not what they have to be."""

    ways: int
    missing: int
    surplus: int
    tallies: int


def rebuild(using: str = "default") -> None:
    """Make all lists true. Readers go on meanwhile; on PostgreSQL, who writes what lists are made of waits."""
    engine = engine_of(using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        engine.hold_still(cursor)
        engine.pause(cursor)
        fill(cursor, engine, now(using))
        engine.resume(cursor)
        turn(CONTENT, using)


def fill(cursor: Any, engine: ModuleType, moment: Any) -> None:
    """Take away what is too much and write what is missing, while no trigger does."""
    cursor.execute(f"DELETE FROM {ANCESTRY}")
    cursor.execute(f"INSERT INTO {ANCESTRY} ({WAY}) SELECT {WAY} FROM ({WAYS}) AS ways")
    cursor.execute(f"SELECT 1 FROM {LISTINGS} LIMIT 1")
    if cursor.fetchone():
        surplus = f"SELECT {KEY} FROM ({THERE} EXCEPT {TRUE}) AS surplus"
        cursor.execute(f"DELETE FROM {LISTINGS} WHERE ({KEY}) IN ({surplus})")
    cursor.execute(f"INSERT INTO {LISTINGS} ({COLUMNS}) {MAY_YET_STAND} ON CONFLICT ({KEY}) DO NOTHING", [moment])
    engine.weigh(cursor)
    cursor.execute(f"DELETE FROM {TALLIES}")
    cursor.execute(f"INSERT INTO {TALLIES} ({TALLY}) SELECT {TALLY} FROM ({true_tallies(engine.HOUR)}) AS tally")


def differences(using: str = "default") -> Differences:
    """What `rebuild` would mend: nothing, unless something wrote while the triggers were off."""
    tallies = true_tallies(engine_of(using).HOUR)
    ways = f"SELECT {WAY} FROM {ANCESTRY}"
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        return Differences(
            ways=count(cursor, either(ways, WAYS)),
            missing=count(cursor, f"{MAY_YET_STAND} EXCEPT {THERE}", now(using)),
            surplus=count(cursor, f"{THERE} EXCEPT {TRUE}"),
            tallies=count(cursor, either(TALLIED, tallies)),
        )


def either(one: str, other: str) -> str:
    """A SELECT of the rows that one of two has and the other has not."""
    first, second = (f"SELECT * FROM ({select}) AS side" for select in (one, other))
    return f"SELECT * FROM ({first} EXCEPT {second}) AS one UNION ALL SELECT * FROM ({second} EXCEPT {first}) AS other"


def count(cursor: Any, select: str, *parameters: Any) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM ({select}) AS found", parameters)
    return cursor.fetchone()[0]


def forget_expired(using: str = "default") -> int:
    """Take the places of posts that have expired out of the lists, which are walked past at each count. How many."""
    expired = f"SELECT post_id FROM {LISTINGS} WHERE kind = {Kind.SITE.value} AND subject = 0 AND unpublish_at <= %s"
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"DELETE FROM {LISTINGS} WHERE post_id IN ({expired})", [now(using)])
        return cursor.rowcount


def now(using: str) -> Any:
    """This moment as the database takes it."""
    return connections[using].ops.adapt_datetimefield_value(timezone.now())
