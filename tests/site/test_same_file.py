"""The file of SQLite is replaced, or its log taken away, while the site has it open: nothing is answered but that."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from blogsite import same_file
from blogsite.same_file import SameFileMiddleware

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="It is about files.")


@pytest.fixture
def database(tmp_path, monkeypatch) -> Path:
    """A site that keeps its connections, its database and log, and a clock that passes over each glance."""
    path = tmp_path / "db.sqlite3"
    for file in (path, log_of(path)):
        file.write_bytes(b"as it was")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(path))
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    monkeypatch.setattr(same_file, "SECONDS_BETWEEN_GLANCES", 0.0)
    return path


def log_of(path: Path) -> Path:
    return path.with_name("db.sqlite3-wal")


def status(middleware: SameFileMiddleware, address: str = "/") -> int:
    return middleware(RequestFactory().get(address)).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("of", [Path, log_of])
def test_nothing_is_taken_in_or_told_from_a_file_that_has_no_name_any_more(database, of, caplog):
    site = SameFileMiddleware(lambda request: HttpResponse())
    assert [status(site), status(site)] == [200, 200]

    aside = of(database).rename(database.with_name("aside"))
    assert [status(site), status(site), status(site, "/healthz")] == [503, 503, 200]
    of(database).write_bytes(b"of a backup")
    assert status(site) == 503
    assert [(record.levelno, "Stop the site" in record.message) for record in caplog.records] == [
        (logging.CRITICAL, True)
    ]

    aside.rename(of(database))
    assert status(site) == 200


@pytest.mark.django_db
def test_what_is_written_in_its_place_is_the_same_file(database):
    site = SameFileMiddleware(lambda request: HttpResponse())
    status(site)
    database.write_bytes(b"more than there was")

    assert status(site) == 200


def test_who_opens_the_database_for_each_request_needs_no_look():
    with pytest.raises(MiddlewareNotUsed):
        SameFileMiddleware(lambda request: HttpResponse())
