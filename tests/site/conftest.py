from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection, connections

from blogsite import freshness
from blogsite.freshness import Freshness, Turned, postgresql
from posts.models import Surroundings


@pytest.fixture
def on_disk(transactional_db, tmp_path) -> Iterator[Path]:
    """The test's database where other threads and processes find it, too; what is saved is committed.

    SQLite keeps that of tests in memory: a copy in a file takes its place.
    """
    path = tmp_path / "site.sqlite3"
    # Between two tests tables are emptied in no particular order. Where that of surroundings came before that of
    # comments, triggers noted in it that those went.
    Surroundings.objects.all().delete()
    if connection.vendor != "sqlite":
        yield path
        return
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    settings, in_memory = connections.settings["default"], connections["default"]
    name, settings["NAME"] = settings["NAME"], str(path)
    del connections["default"]
    yield path
    connections["default"].close()
    connections["default"], settings["NAME"] = in_memory, name


@dataclass
class Looker:
    """A checker in an event loop that runs only while it looks; `turned` is what the last look found."""

    runner: asyncio.Runner
    turned: list[Turned] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.checker: Freshness = freshness.make(self.turned.append)

    def look(self) -> list[Turned]:
        self.turned.clear()
        self.runner.run(self.checker.look())
        return self.turned

    def close(self) -> None:
        async def close() -> None:
            self.checker.close()

        self.runner.run(close())


@pytest.fixture
def looker(on_disk, monkeypatch) -> Iterator[Looker]:
    """One that has looked once, so that it finds what turns from now on. It gives a busy machine its time."""
    monkeypatch.setattr(postgresql, "PATIENCE", 60)
    with asyncio.Runner() as runner:
        looker = Looker(runner)
        looker.look()
        yield looker
        looker.close()
