"""Django's backend for PostgreSQL, that takes pages away before it commits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from ..withdrawing import WithdrawsPages

# The two halves of the key of a lock that the database keeps, for each transaction as long as it lasts: also for one
# whose process was killed while it waited for the commit. Publishers must not take that for one that never was.
LOCK = "17216, 18241"
# Counters turn at the commit: they have to be asked for what they will tell after it.
BEFORE_THE_COMMIT = f"SET CONSTRAINTS ALL IMMEDIATE; SELECT pg_advisory_xact_lock_shared({LOCK})"


class DatabaseWrapper(WithdrawsPages, base.DatabaseWrapper):
    def _may_have_written(self) -> bool:
        return self.connection is not None and self.connection.info.transaction_status == TransactionStatus.INTRANS

    @contextmanager
    def _no_publisher(self) -> Iterator[None]:
        self.connection.execute(BEFORE_THE_COMMIT, prepare=False)
        yield

    @contextmanager
    def no_writer(self) -> Iterator[bool]:
        self.ensure_connection()
        with self.wrap_database_errors, self.connection.transaction():
            yield self.rows(f"SELECT pg_try_advisory_xact_lock({LOCK})")[0][0]
