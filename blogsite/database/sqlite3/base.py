"""Django's backend for SQLite, that takes pages away before it commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db.backends.sqlite3 import base

from ..withdrawing import WithdrawsPages


class Cursor(base.SQLiteCursorWrapper):
    """One whose rows may be read after a commit, which SQLite does not allow while a statement returns them."""

    _kept: Iterator[Any] | None = None

    def keep_rows(self) -> None:
        self._kept = iter(super().fetchall())

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        self._kept = None
        return super().execute(*args, **kwargs)

    def fetchone(self) -> Any:
        return super().fetchone() if self._kept is None else next(self._kept, None)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        return super().fetchmany(size) if self._kept is None else list(islice(self._kept, size))

    def fetchall(self) -> list[Any]:
        return super().fetchall() if self._kept is None else list(self._kept)

    def __next__(self) -> Any:
        return super().__next__() if self._kept is None else next(self._kept)


class DatabaseWrapper(WithdrawsPages, base.DatabaseWrapper):
    # SQLite's own count of changed rows, by triggers too, at the last commit.
    _changes = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        self._changes = 0
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Cursor:
        return self.connection.cursor(factory=Cursor)

    def _keep_rows(self, cursor: Any) -> None:
        if cursor.description is not None:
            cursor.cursor.keep_rows()

    def _may_have_written(self) -> bool:
        return self.connection is not None and self.connection.total_changes != self._changes

    @contextmanager
    def _no_publisher(self) -> Iterator[None]:
        with self.page_files.no_publisher():
            yield
        self._changes = self.connection.total_changes

    @contextmanager
    def no_writer(self) -> Iterator[bool]:
        self.ensure_connection()
        with self.page_files.no_writer() as is_free:
            yield is_free
