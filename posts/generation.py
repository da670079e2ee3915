"""The generation of the content: a number that the database counts up whenever something that feeds show changes.

Triggers do the counting, in the transaction of the change itself, so that no way of writing (save, bulk update, import,
raw SQL, restore) can forget it. Together with the last moment at which a post became due or expired it tells, by one
small row, whether anything is new: that is what lets a feed answer 304 without looking at the posts.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connections
from django.db.models import Max, Min, Model
from django.utils import timezone

from .models import Author, Category, Generation, Image, Post, SiteSettings, Tag, TaggedPost

# A comment changes its post's count, which no feed shows.
UNSEEN_COLUMNS = {"comment_count"}


def watched_models() -> list[type[Model]]:
    return [
        Post,
        Post.categories.through,
        Post.co_authors.through,
        TaggedPost,
        Tag,
        Category,
        Author,
        Image,
        SiteSettings,
    ]


@dataclass(frozen=True)
class Freshness:
    """The state of the content at one moment: equal states mean equal feeds."""

    number: int
    changed_at: datetime
    turned_at: datetime | None

    @property
    def etag(self) -> str:
        turned = f"{self.turned_at.timestamp():.6f}" if self.turned_at else "0"
        return f"{self.number}-{turned}"

    @property
    def last_modified(self) -> datetime:
        return max(filter(None, [self.changed_at, self.turned_at]))


@dataclass(frozen=True)
class _Turns:
    """The last moment at which time alone changed what is published, and the next one, for one generation."""

    number: int
    changed_at: datetime
    last: datetime | None
    next: datetime | None

    def hold(self, generation: Generation, now: datetime) -> bool:
        same = (self.number, self.changed_at) == (generation.number, generation.changed_at)
        return same and (self.last is None or self.last <= now) and (self.next is None or now < self.next)


_turns = threading.local()


def current() -> Freshness:
    """The freshness of the content now: one small query, unless the content or the hour has turned since the last."""
    now = timezone.now()
    generation = Generation.objects.filter(pk=1).first() or Generation(
        number=0, changed_at=datetime.fromtimestamp(0, UTC)
    )
    turns = getattr(_turns, "known", None)
    if turns is None or not turns.hold(generation, now):
        turns = _turns.known = _find_turns(generation, now)
    return Freshness(generation.number, generation.changed_at, turns.last)


def _find_turns(generation: Generation, now: datetime) -> _Turns:
    last: list[datetime | None] = []
    following: list[datetime | None] = []
    for field in ("publish_at", "unpublish_at"):
        posts = Post.objects.filter(status="published").order_by()
        last.append(posts.filter(**{f"{field}__lte": now}).aggregate(at=Max(field))["at"])
        following.append(posts.filter(**{f"{field}__gt": now}).aggregate(at=Min(field))["at"])
    return _Turns(
        generation.number,
        generation.changed_at,
        max(filter(None, last), default=None),
        min(filter(None, following), default=None),
    )


def install_triggers(using: str = "default", **_: Any) -> None:
    """Create the counting row and the triggers where they are missing; called after each migrate.

    SQLite drops a table's triggers whenever a migration rebuilds it, so they cannot live in a migration.
    """
    connection = connections[using]
    tables = connection.introspection.table_names()
    if Generation._meta.db_table not in tables:
        return
    install = {"sqlite": _install_on_sqlite, "postgresql": _install_on_postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for model in watched_models():
            table = model._meta.db_table
            if table in tables:
                seen = [f.column for f in model._meta.local_concrete_fields if f.column not in UNSEEN_COLUMNS]
                install(cursor, table, ", ".join(f'"{column}"' for column in seen))


def _bump(moment: str) -> str:
    table = Generation._meta.db_table
    return (
        f'INSERT INTO "{table}" (id, number, changed_at) VALUES (1, 1, {moment}) '  # noqa: S608 -- all of it is ours
        f"ON CONFLICT (id) DO UPDATE SET number = {table}.number + 1, changed_at = excluded.changed_at;"
    )


def _install_on_sqlite(cursor: Any, table: str, columns: str) -> None:
    bump = _bump("strftime('%Y-%m-%d %H:%M:%f', 'now')")
    for name, event in {"insert": "INSERT", "update": f"UPDATE OF {columns}", "delete": "DELETE"}.items():
        cursor.execute(f'DROP TRIGGER IF EXISTS "{table}_generation_{name}"')
        cursor.execute(f'CREATE TRIGGER "{table}_generation_{name}" AFTER {event} ON "{table}" BEGIN {bump} END')


def _install_on_postgresql(cursor: Any, table: str, columns: str) -> None:
    cursor.execute(
        "CREATE OR REPLACE FUNCTION posts_bump_generation() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {_bump('clock_timestamp()')} RETURN NULL; END $$"
    )
    cursor.execute(
        f'CREATE OR REPLACE TRIGGER "{table}_generation" AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF {columns} '
        f'ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION posts_bump_generation()'
    )
