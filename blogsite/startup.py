"""What can be wrong when a process starts, said in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection


class DatabaseUnreachable(Exception):
    """No connection could be made; the message says what to set."""


@contextmanager
def sentence_for_database_errors() -> Iterator[None]:
    """Turn a failed connection into `DatabaseUnreachable`; let every other database error through."""
    try:
        yield
    except DatabaseError as error:
        if connection.connection is not None:
            raise
        reason = " ".join(str(error).split())
        raise DatabaseUnreachable(f"Check that it runs and that DATABASE_URL names it rightly: {reason}") from error
