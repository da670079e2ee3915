"""The state of the site: all counters of `posts.generation` at one moment, as something to compare.

Two equal states mean that nothing which anyone may see was committed between them. What time alone changes, such as a
post that becomes due, no counter tells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connections
from django.http import HttpRequest

from .compiled import told


class Count(NamedTuple):
    """One counter. The time of its last turn tells a database from another one that has counted as far."""

    counter: int
    number: int
    turned_at: str

    @property
    def moment(self) -> datetime:
        """`turned_at`, of which PostgreSQL tells the seconds since 1970, and SQLite date and time of day in UTC."""
        with suppress(ValueError):
            return datetime.fromtimestamp(float(self.turned_at), UTC)
        return datetime.fromisoformat(self.turned_at).replace(tzinfo=UTC)


State = tuple[Count, ...]

# By the vendor of the database. A moment as text that depends on no setting of a session.
QUERIES = {
    "sqlite": "SELECT id, number, changed_at || '' FROM posts_generation ORDER BY id",
    "postgresql": "SELECT id, number, extract(epoch FROM changed_at)::text FROM posts_generation ORDER BY id",
}
# Around which posts something has changed after a count, and how many of them are to be told at most.
POSTS_SINCE = "SELECT post_id FROM posts_surroundings WHERE number > {} LIMIT {}"


def from_rows(rows: Iterable[Iterable[Any]]) -> State:
    """The state told by the rows of one of QUERIES, whose numbers may still be text."""
    return tuple(Count(int(counter), int(number), turned_at) for counter, number, turned_at in rows)


def current(using: str = "default") -> State:
    """The state now, by one query."""
    connection = connections[using]
    return from_rows(told(connection, QUERIES[connection.vendor], ()))


def of(request: HttpRequest) -> State:
    """The state that a request is answered in: what the page cache looked up for it, or one query for the request.

    A request that may have changed something is told anew each time.
    """
    note = getattr(request, "scope", {}).get("blogsite.page")
    if note is not None:
        return note.state
    if request.method not in {"GET", "HEAD"}:
        return current()
    known = getattr(request, "state", None)
    if known is None:
        known = request.state = current()  # type: ignore[attr-defined]  # ours alone
    return known


class Kept[T]:
    """A value made of rows that these counters count, kept in the process while none of them turns. It is exact.

    It has to be the same for everybody, and is shared between threads: whoever gets it must not change it. Within a
    transaction it is loaded anew, since what that has changed is counted only at its commit.
    """

    _all: list[Kept[Any]] = []

    def __init__(self, load: Callable[[], T], counters: tuple[int, ...]) -> None:
        self._load = load
        self._counters = frozenset(counters)
        self._kept: tuple[State, T] | None = None
        self._all.append(self)

    def get(self, request: HttpRequest) -> T:
        if connections["default"].in_atomic_block:
            return self._load()
        # Before the rows are read: what changes meanwhile then counts as new at the next request.
        state = tuple(count for count in of(request) if count.counter in self._counters)
        kept = self._kept
        if kept is None or kept[0] != state:
            kept = self._kept = state, self._load()
        return kept[1]

    def forget(self) -> None:
        self._kept = None

    @classmethod
    def forget_all(cls) -> None:
        """For tests, each of which may begin with a state of the one before."""
        for kept in cls._all:
            kept.forget()
