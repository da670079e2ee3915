"""What comes again and again, PostgreSQL is asked by statements that it keeps, for as long as a connection lasts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import ref

import pytest
from django.db import DataError, OperationalError, ProgrammingError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from posts import prepared
from posts.compiled import as_sent, told

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has nothing to prepare elsewhere"),
]

DOUBLED = "SELECT %s * 2"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def lasting(db: None) -> Iterator[BaseDatabaseWrapper]:
    """A connection as those of the server, apart from that of the tests."""
    lasting = connection.copy()
    lasting.settings_dict["OPTIONS"]["prepare_threshold"] = 0
    yield lasting
    lasting.close()


def ask(lasting: BaseDatabaseWrapper, sql: str, *values: Any) -> Any:
    """The one value that is told."""
    [[value]] = told(lasting, sql, [as_sent(value, lasting) for value in values])
    return value


def statements(lasting: BaseDatabaseWrapper) -> list[str]:
    with lasting.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY statement")
        return [statement for (statement,) in cursor.fetchall()]


def test_a_statement_is_prepared_once_for_values_of_any_size(lasting):
    assert [ask(lasting, DOUBLED, number) for number in (1, 40_000, 10**12)] == [2, 80_000, 2 * 10**12]
    assert statements(lasting) == ["SELECT $1 * 2"]


def test_values_come_as_from_any_cursor(lasting):
    sql = "SELECT %s::timestamptz, %s::text, 7, 0.5, true, NULL, '{\"a\": [1]}'::jsonb, '{\"a\": [1]}'::json, 'é'"
    values = (NOON, "é % %s $1")
    with lasting.cursor() as cursor:
        cursor.execute(sql, values)
        assert told(lasting, sql, values) == told(lasting, sql, values) == tuple(cursor.fetchall())


def test_a_value_of_another_type_has_a_statement_of_its_own(lasting):
    later = "SELECT %s + interval '1 day'"
    assert ask(lasting, later, NOON) == NOON + timedelta(days=1)
    assert ask(lasting, later, timedelta(hours=1)) == timedelta(days=1, hours=1)
    assert ask(lasting, later, NOON) == NOON + timedelta(days=1)
    assert len(statements(lasting)) == 2


def test_nothing_is_a_value(lasting):
    assert ask(lasting, "SELECT %s::text", None) is None


def test_a_percent_sign_is_no_place_for_a_value(lasting):
    assert ask(lasting, "SELECT '100%%' || %s", "!") == "100%!"


def test_what_was_not_asked_for_lately_makes_room(lasting, monkeypatch):
    monkeypatch.setattr(prepared, "MAX_PREPARED", 2)
    for sql in ("SELECT 1", "SELECT 2", "SELECT 1", "SELECT 3"):
        ask(lasting, sql)
    assert statements(lasting) == ["SELECT 1", "SELECT 3"]


def test_a_mistake_is_told_as_by_any_cursor(lasting):
    with pytest.raises(ProgrammingError, match="no_such_table"):
        ask(lasting, "SELECT * FROM no_such_table")
    with pytest.raises(DataError, match="division by zero"):
        ask(lasting, "SELECT 1 / %s", 0)
    with pytest.raises(DataError, match="NUL"):
        ask(lasting, "SELECT %s::text", "\0")
    assert ask(lasting, "SELECT 1 / %s", 1) == 1


def test_a_table_may_become_another_one_while_it_is_asked(lasting):
    sql = "SELECT value FROM pg_temp.kept"
    with lasting.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept AS SELECT 1 AS value")
        assert ask(lasting, sql) == 1
        cursor.execute("ALTER TABLE pg_temp.kept ALTER value TYPE text")
    assert ask(lasting, sql) == "1"


def test_what_was_discarded_is_prepared_anew(lasting):
    assert ask(lasting, DOUBLED, 1) == 2
    with lasting.cursor() as cursor:
        cursor.execute("DISCARD ALL")
    assert ask(lasting, DOUBLED, 2) == 4
    assert statements(lasting) == ["SELECT $1 * 2"]


def test_a_lost_connection_is_an_error_and_then_another_connection(lasting):
    ask(lasting, DOUBLED, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [lasting.connection.info.backend_pid])
    for _time in range(2):
        with pytest.raises(OperationalError):
            ask(lasting, DOUBLED, 1)
    lasting.close_if_unusable_or_obsolete()
    assert ask(lasting, DOUBLED, 2) == 4
    assert statements(lasting) == ["SELECT $1 * 2"]


def test_a_connection_that_is_gone_is_not_held(lasting):
    ask(lasting, DOUBLED, 1)
    driver = ref(lasting.connection)
    lasting.close()
    lasting.connection = None
    gc.collect()
    assert driver() is None


def test_who_stands_around_all_queries_stands_around_these(lasting):
    seen = []

    def look(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with lasting.execute_wrapper(look):
        assert ask(lasting, DOUBLED, 4) == 8
    assert seen == [DOUBLED]


def test_a_transaction_sees_what_it_has_changed_and_prepares_nothing(lasting):
    lasting.set_autocommit(False)
    with lasting.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept AS SELECT 5 AS value")
    assert ask(lasting, "SELECT value FROM pg_temp.kept") == 5
    assert statements(lasting) == []
    lasting.rollback()
    lasting.set_autocommit(True)


def test_a_pooler_in_between_gets_nothing_to_prepare(lasting):
    lasting.settings_dict["OPTIONS"]["prepare_threshold"] = None
    assert ask(lasting, DOUBLED, 1) == 2
    assert statements(lasting) == []
