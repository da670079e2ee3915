"""The check on SQLite: a look at a few bytes that all processes share.

In WAL mode every commit writes the header of the WAL-index, the first 96 bytes of the file `-shm`, which each process
with the database open has in its memory: twice the same 48 bytes, with a number that each commit counts up and the
checksum of the log so far (https://www.sqlite.org/walformat.html#the_wal_index_file_format). As long as they are the
same, nothing was committed. They cost a tenth of what the shortest query does.
"""

from __future__ import annotations

import mmap
import os
import sqlite3
import sys
import weakref
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import quote

from blogsite.same_file import identity
from posts.state import QUERIES

from .looking import Freshness, OnTurn, Questions, Unavailable, around, due

HALF = 48
HEADER = 2 * HALF
VERSION = (3_007_000).to_bytes(4, sys.byteorder)
IS_INITIALISED = 12
# In seconds: how often it is asked whether another file has taken the place of the database.
GLANCE = 1.0
# In seconds: for what the database is locked that keeps no log; a reader of a log waits for nobody.
PATIENCE = 1.0

_never_closed: list[Any] = []
"""Our descriptors of `-shm`, and connections to files that were replaced.

To close any descriptor of a file gives up all locks that this process has on it, and SQLite relies on those of its own.
"""


def as_text(moment: float) -> str:
    """As Django writes it."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def of_text(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


class OnSQLite(Freshness):
    """`holds()` is exact wherever the WAL-index can be read. Where not, as without a log, each look is a query."""

    questions = Questions(QUERIES["sqlite"], around(":1"), due(":1"), as_text, of_text)

    def __init__(self, on_turn: OnTurn, path: str | Path) -> None:
        super().__init__(on_turn)
        self._path = str(path)
        self._connection: sqlite3.Connection | None = None
        self._files: list[tuple[int, int] | None] = []
        self._index: mmap.mmap | bytes = b""
        self._known: bytes | None = None
        self._until = self._glance_at = 0.0
        _checkers.add(self)

    def holds(self) -> bool:
        return self._looked_at <= time() < self._until and self._index[:HEADER] == self._known

    async def look(self) -> None:
        """It takes some microseconds: no reason to leave the event loop for it."""
        if self.holds():
            return
        try:
            self._look(self._opened())
        except (sqlite3.Error, OSError) as error:
            self.close()
            raise Unavailable(str(error)) from error

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._until = self._glance_at = 0.0

    def leave(self) -> None:
        """Have nothing in common any more with the connection of before."""
        if self._connection is not None:
            _never_closed.append(self._connection)
            self._connection = None
        self._until = self._glance_at = 0.0
        self._known = None

    def _look(self, connection: sqlite3.Connection) -> None:
        # Before the query: what is committed meanwhile is seen by it, or found by the next comparison.
        known = settled(self._index)
        looking = self._looking()
        with suppress(StopIteration):
            question = next(looking)
            while True:
                # By name: Python 3.12 warns of a sequence for what SQLite itself numbers.
                named = {str(number): value for number, value in enumerate(question.parameters, 1)}
                question = looking.send(connection.execute(question.sql, named).fetchall())
        self._known = known
        self._until = min(self.due, self._glance_at)

    def _opened(self) -> sqlite3.Connection:
        """The connection to what is the database now: a file that has taken the place of another may hold anything."""
        connection, now = self._connection, time()
        if connection is not None and now < self._glance_at <= now + GLANCE:
            return connection
        if connection is None or self._files != self._identities():
            self.leave()
            self._forget()
            connection = self._open()
        self._glance_at = now + GLANCE
        return connection

    def _open(self) -> sqlite3.Connection:
        # Before it is opened: what takes its place in between is noticed by the next glance.
        self._files = self._identities()
        uri = f"file:{quote(os.path.realpath(self._path))}?mode=rw"
        connection = self._connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, timeout=PATIENCE, check_same_thread=False
        )
        [[mode]] = connection.execute("PRAGMA journal_mode").fetchall()
        connection.execute("PRAGMA query_only=ON").close()
        # Only with the first query is the index there.
        connection.execute(self.questions.state).fetchall()
        self._files[1:] = self._identities()[1:]
        self._index = mapped(self._index_path) if mode == "wal" else b""
        return connection

    @property
    def _index_path(self) -> str:
        """Beside the file itself, not beside a link to it."""
        return f"{os.path.realpath(self._path)}-shm"

    def _identities(self) -> list[tuple[int, int] | None]:
        return [identity(self._path), identity(self._index_path)]


_checkers: weakref.WeakSet[OnSQLite] = weakref.WeakSet()


def _leave_all() -> None:
    for checker in _checkers:
        checker.leave()


# A connection must not be used on both sides of a fork, nor closed on the new one.
os.register_at_fork(after_in_child=_leave_all)


def mapped(path: str) -> mmap.mmap:
    """The header in memory, as it is at any moment."""
    descriptor = os.open(path, os.O_RDONLY)
    index = mmap.mmap(descriptor, HEADER, access=mmap.ACCESS_READ)
    _never_closed.extend([descriptor, index])
    return index


def settled(index: mmap.mmap | bytes) -> bytes | None:
    """The header, if it can be understood and nobody is writing it."""
    header = index[:HEADER]
    is_whole = len(header) == HEADER and header[:HALF] == header[HALF:]
    return header if is_whole and header.startswith(VERSION) and header[IS_INITIALISED] == 1 else None
