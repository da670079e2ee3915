"""Whether the file of SQLite is the one that this process has open, or another one that has taken its name."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from time import monotonic

from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse

from .outages import ALONE, unavailable

SECONDS_BETWEEN_GLANCES = 1.0

logger = logging.getLogger(__name__)


class SameFileMiddleware:
    """Refuse everything while the database, or its log, is not what this process has open.

    Whoever has a file open goes on writing into it after it has lost its name: what is written so is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        # Where each request opens the database anew, it opens what is there.
        if connection.vendor != "sqlite" or connection.settings_dict["CONN_MAX_AGE"] is not None:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self._opened: list[tuple[int, int] | None] = []
        self._next_glance = 0.0
        self._is_same = True

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ALONE) and not self._glance():
            return unavailable()
        response = self.get_response(request)
        if not self._opened and connection.connection is not None:
            self._opened = files()
        return response

    def _glance(self) -> bool:
        now = monotonic()
        if self._opened and now >= self._next_glance:
            self._next_glance = now + SECONDS_BETWEEN_GLANCES
            was_same, self._is_same = self._is_same, files() == self._opened
            if was_same and not self._is_same:
                logger.critical(
                    "%s, or the log beside it, was replaced or taken away while the site has it open: nothing is "
                    "answered. Stop the site, put the files right, and start it again.",
                    connection.settings_dict["NAME"],
                )
        return self._is_same


def files() -> list[tuple[int, int] | None]:
    """What is there now of the database and its log, beside the file itself, not beside a link to it."""
    path = os.path.realpath(connection.settings_dict["NAME"])
    return [identity(path), identity(f"{path}-wal")]


def identity(path: str) -> tuple[int, int] | None:
    """What tells a file from another one of the same name; None if there is none."""
    try:
        there = os.stat(path)  # noqa: PTH116 -- a path of pathlib takes several times as long
    except FileNotFoundError:
        return None
    return there.st_dev, there.st_ino
