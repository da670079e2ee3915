"""How PostgreSQL gets the statements of `posts.compiled`: prepared, and apart from their values.

Django's own cursors write the values into each statement, and have it planned anew, which takes longer than to run it.
A plan for all values must be a good one for each: so a statement tells its constants (see `with_constants`), and the
conditions of a range are those of one index. It is sent by way of libpq itself: of what the cursors of psycopg and
Django do for each query, the most is to find out what was known after the first one of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors, pq
from psycopg.abc import Transformer as TransformerType
from psycopg.adapt import PyFormat, Transformer
from psycopg.types.numeric import Int8

# Of one connection: each takes some ten kilobytes at the server.
MAX_PREPARED = 100

# How PostgreSQL refuses to begin with a statement: a table has other columns by now, or what was prepared was discarded
# (https://www.postgresql.org/docs/current/errcodes-appendix.html).
OUTDATED = {b"0A000", b"26000"}

# Where a value belongs in a statement, or a percent sign.
PLACE = re.compile("%[s%]")

type Key = tuple[str, tuple[int, ...]]
"""A statement and the types of its values, as PostgreSQL numbers them."""

_lines: WeakKeyDictionary[psycopg.Connection, Line] = WeakKeyDictionary()


def can_tell(connection: BaseDatabaseWrapper) -> bool:
    """Whether `told` may be asked. A log tells whole statements, and a transaction is begun by Django's own cursors."""
    if connection.queries_logged:
        return False
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    return connection.connection.prepare_threshold is not None and connection.get_autocommit()


def told(connection: BaseDatabaseWrapper, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows; the values are `as_sent`. Raises the errors of Django's cursors."""
    connection.validate_thread_sharing()
    line = _lines.get(connection.connection)
    if line is None:
        line = _lines[connection.connection] = Line(connection.connection)

    def execute(sql: str, values: Sequence[Any], many: bool, context: dict[str, Any]) -> list[tuple[Any, ...]]:
        with connection.wrap_database_errors:
            return line.rows(sql, values)

    for wrapper in reversed(connection.execute_wrappers):
        execute = partial(wrapper, execute)
    return execute(sql, values, False, {"connection": connection, "cursor": None})


def as_sent(value: Any) -> Any:
    """A value in the one type that all of its kind have: with another one, a statement would be prepared anew."""
    return Int8(value) if type(value) is int else value


@dataclass(slots=True)
class Prepared:
    """A statement at the server. `loading` makes values of what it tells: each result has the same columns."""

    name: bytes
    loading: TransformerType | None = None


class Line:
    """A connection of the driver, with what is prepared there; the statement that was asked for last stands last.

    It does not hold the connection itself, which would never go as long as it can be reached from here.
    """

    def __init__(self, driver: psycopg.Connection) -> None:
        self._libpq = driver.pgconn
        self._adapters = driver.adapters
        self._sending = Transformer(self._adapters)
        self._known: dict[Key, Prepared] = {}
        self._numbers = count()

    def rows(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Raises psycopg.Error."""
        sent: Any = self._sending.dump_sequence(values, [PyFormat.AUTO] * len(values))
        key = sql, self._sending.types or ()
        result = self._run(key, sent)
        if result.error_field(pq.DiagnosticField.SQLSTATE) in OUTDATED:
            result = self._run(key, sent)
        if result.status == pq.ExecStatus.TUPLES_OK:
            return self._loaded(self._known[key], result)
        raise self._error(result)

    def _run(self, key: Key, sent: Any) -> pq.abc.PGresult:
        """What has failed is prepared anew the next time."""
        prepared = self._known[key] = self._known.pop(key) if key in self._known else self._prepare(*key)
        result = self._libpq.exec_prepared(prepared.name, sent, self._sending.formats)
        if result.status != pq.ExecStatus.TUPLES_OK and self._is_open():
            self._forget(key)
        return result

    def _prepare(self, sql: str, types: Sequence[int]) -> Prepared:
        if len(self._known) >= MAX_PREPARED:
            self._forget(next(iter(self._known)))
        numbers = count(1)
        numbered = PLACE.sub(lambda place: "%" if place[0] == "%%" else f"${next(numbers)}", sql)
        name = b"compiled_%d" % next(self._numbers)
        result = self._libpq.prepare(name, numbered.encode(), types)
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise self._error(result)
        return Prepared(name)

    def _forget(self, key: Key) -> None:
        self._libpq.exec_(b"DEALLOCATE " + self._known.pop(key).name)

    def _loaded(self, prepared: Prepared, result: pq.abc.PGresult) -> list[tuple[Any, ...]]:
        loading = prepared.loading
        if loading is None:
            loading = prepared.loading = Transformer(self._adapters)
            loading.set_pgresult(result)
        else:
            loading.set_pgresult(result, set_loaders=False)
        rows = loading.load_rows(0, result.ntuples, tuple)
        # It would be kept until the statement is asked for again.
        loading.set_pgresult(None, set_loaders=False)
        return rows

    def _error(self, result: pq.abc.PGresult) -> psycopg.Error:
        if self._is_open():
            return errors.error_from_result(result)
        # What libpq makes up when it loses a connection has no code that would tell what kind of error it is.
        return psycopg.OperationalError(self._libpq.get_error_message())

    def _is_open(self) -> bool:
        return self._libpq.status == pq.ConnStatus.OK
