"""How PostgreSQL gets the statements of `posts.compiled`: apart from their values, to be planned once a connection.

Django's own cursors write the values into each statement, and have it planned anew, which takes longer than to run it.
A plan for all values must be a good one for each: so a statement tells its constants (see `with_constants`), and the
conditions of a range are those of one index.
"""

from __future__ import annotations

from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.numeric import Int8


def cursor(connection: BaseDatabaseWrapper) -> Any:
    """One of Django's, that sends values apart. What it prepares, the settings say (`prepare_threshold`)."""
    if connection.queries_logged:
        # A log tells whole statements, with their values.
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    with connection.wrap_database_errors:
        plain: Any = psycopg.Cursor(connection.connection)
    return connection.make_cursor(plain)


def as_sent(value: Any) -> Any:
    """A value in the one type that all of its kind have: with another one, a statement would be prepared anew."""
    return Int8(value) if type(value) is int else value
