"""What both engines have in common: no commit without a look at what it changes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from blogsite.pagefiles.folder import Folder
from posts import state

# Statements that may change rows. Outside of a transaction each of them commits by itself, without a word to us.
WRITES = re.compile(
    r"(?:\s|--[^\n]*\n|/\*.*?\*/)*\(?\s*(?:CALL|COPY|DELETE|DO|INSERT|MERGE|REPLACE|TRUNCATE|UPDATE|WITH)\b",
    re.IGNORECASE | re.DOTALL,
)


@cache
def withdrawing() -> ModuleType:
    """Not imported above: it knows models, and no model can be made before there is a backend."""
    return import_module("blogsite.pagefiles.withdrawing")


class WithdrawsPages(BaseDatabaseWrapper):
    """What an engine's own wrapper is mixed with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without it, the settings name Django's own backends.
        self.page_files = Folder(cast("Path", settings.PAGE_FILES))
        self.execute_wrappers.append(self._in_a_transaction)

    def _commit(self) -> None:
        if not self._may_have_written():
            return super()._commit()  # type: ignore[misc]  # the stubs do not know it
        with ExitStack() as held:
            try:
                with self.wrap_database_errors:
                    held.enter_context(self._no_publisher())
                    self._withdraw()
            except OSError as error:
                sentence = f"Nothing was saved, since the pages that it changes could not be taken away: {error}."
                raise OperationalError(sentence) from error
            return super()._commit()  # type: ignore[misc]  # the same

    def _withdraw(self) -> None:
        if self.page_files.published() is not None:
            withdrawing().withdraw(self.page_files, self.look(), self.posts_since)

    def look(self) -> state.State:
        """The state of the site, as this connection sees it."""
        return state.from_rows(self.rows(state.QUERIES[self.vendor]))

    def posts_since(self, number: int, most: int) -> Collection[int]:
        return [post for (post,) in self.rows(state.POSTS_SINCE.format(int(number), int(most)))]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Asked of the driver itself: it is nobody's query but ours."""
        return self.connection.execute(query).fetchall()

    def _in_a_transaction(self, execute: Any, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Give a statement that commits by itself a transaction, and so a commit of ours."""
        if not self.get_autocommit() or not WRITES.match(str(sql)):
            return execute(sql, params, many, context)
        with transaction.atomic(self.alias):
            result = execute(sql, params, many, context)
            self._keep_rows(context["cursor"])
            return result

    def _keep_rows(self, cursor: Any) -> None:
        """Read what a statement returns, where that cannot be done after the commit."""

    def _may_have_written(self) -> bool:
        raise NotImplementedError

    @contextmanager
    def _no_publisher(self) -> Iterator[None]:
        """Hold publishers off until the transaction is at its end."""
        raise NotImplementedError

    @contextmanager
    def no_writer(self) -> Iterator[bool]:
        """For publishers: hold off commits and other publishers, if none is at work: whether it is so."""
        raise NotImplementedError
