"""A connection that lasts is asked now and then whether it is still good, and at once when that is in doubt."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from blogsite import connections

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="of connections to a server")


class Lasting:
    """The connections of a thread: one, apart from that of the tests; `asked` counts its questions."""

    def __init__(self) -> None:
        self.one: BaseDatabaseWrapper = connection.copy()
        self.clock = 0.0
        self.asked = 0

    def all(self, initialized_only: bool = False) -> list[BaseDatabaseWrapper]:
        return [self.one]

    def backend(self) -> int:
        """A number that another connection to the server would not have."""
        with self.one.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[Lasting]:
    lasting = Lasting()
    is_usable = lasting.one.is_usable

    def ask() -> bool:
        lasting.asked += 1
        return is_usable()

    monkeypatch.setattr(lasting.one, "is_usable", ask)
    monkeypatch.setattr(connections, "connections", lasting)
    monkeypatch.setattr(connections, "monotonic", lambda: lasting.clock)
    yield lasting
    lasting.one.close()


def test_a_line_is_silent_until_there_is_something_to_read():
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            assert connections.is_silent(ours.fileno())
            theirs.send(b"I am going.")
            assert not connections.is_silent(ours.fileno())
        ours.recv(100)
        assert not connections.is_silent(ours.fileno())  # it has been closed


@on_postgresql
def test_requests_one_after_another_ask_once(lasting: Lasting):
    lasting.backend()
    for _ in range(5):
        connections.look_after_connections()
    assert lasting.asked == 1

    lasting.clock += connections.TRUST
    connections.look_after_connections()
    assert lasting.asked == 2


@on_postgresql
def test_a_connection_that_the_server_ended_is_replaced_before_anybody_finds_out(lasting: Lasting):
    gone = lasting.backend()
    connections.look_after_connections()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [gone])

    connections.look_after_connections()

    assert lasting.one.connection is None
    assert lasting.backend() != gone


def test_who_has_asked_nothing_yet_has_no_connection_to_look_after(lasting: Lasting):
    connections.look_after_connections()
    assert (lasting.asked, lasting.one.connection) == (0, None)
