from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from django.db import connection, connections
from django.test import Client

from tests.factories import make_staff


@pytest.fixture
def open_to_threads(transactional_db, tmp_path):
    """Call it once the rows are there: from then on, other threads work on the test's database.

    SQLite keeps it in memory, where a second connection cannot wait for the first; so theirs go to a copy in a file.
    """
    settings = connections.settings["default"]
    name = settings["NAME"]

    def open_to_threads() -> None:
        if connection.vendor != "sqlite":
            return
        path = tmp_path / "threads.sqlite3"
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
        settings["NAME"] = str(path)

    yield open_to_threads
    # Before Django closes its connection, which would lose a database in memory were it not known as one.
    settings["NAME"] = name


@pytest.fixture
def moderator(client: Client) -> Client:
    """Mo, logged in."""
    client.force_login(make_staff("mo", group="Moderator", first_name="Mo", last_name="Reyes"))
    return client
