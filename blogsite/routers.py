"""Replicas of the database: a page for everybody may be read from one, as long as that costs nobody the truth.

The page cache has looked up the state of the primary for each page that it lacks (`posts.state`). A replica that is in
the same state shows the same page: nothing that anyone may see has been committed since. All else, above all whatever
is written, belongs to the primary, and so does a page for which no replica has come so far.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, Error
from django.http import HttpRequest, HttpResponse

from posts import state

# In seconds: for how long nobody asks a replica that does not answer, and one that lags behind.
GONE = 10.0
BEHIND = 0.5

_reading_from: ContextVar[str] = ContextVar("reading_from", default=DEFAULT_DB_ALIAS)


class ReplicaRouter:
    """Django's router: reads go where the request has been sent, writes to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return _reading_from.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    token = _reading_from.set(alias)
    try:
        yield
    finally:
        _reading_from.reset(token)


class Replica:
    """One of the replicas, as this process knows it."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self._rests_until = 0.0

    def rest(self, seconds: float) -> None:
        self._rests_until = monotonic() + seconds

    def is_in(self, wanted: state.State) -> bool:
        """Whether it has come to this state; False, too, while it rests.

        While one request asks, others pass it over, so that one alone waits for a replica that has gone.
        """
        if monotonic() < self._rests_until:
            return False
        self.rest(GONE)
        try:
            found = state.current(self.alias)
        except Error:
            return False
        self.rest(0 if found == wanted else BEHIND)
        return found == wanted


class ReplicaMiddleware:
    """Send each page that the page cache lacks to a replica that is up to date, if there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.REPLICAS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.replicas = [Replica(alias) for alias in settings.REPLICAS]

    def __call__(self, request: HttpRequest) -> HttpResponse:
        note = getattr(request, "scope", {}).get("blogsite.page")
        replica = self.chosen(note.state) if note else None
        if replica is None:
            return self.get_response(request)
        with reading_from(replica.alias):
            response = self.get_response(request)
        if response.status_code < 500:
            return response
        # It may have gone meanwhile, or given up a query in favour of what it had to catch up with.
        replica.rest(GONE)
        return self.get_response(request)

    def chosen(self, wanted: state.State) -> Replica | None:
        """Any of those that are in this state."""
        replicas = random.sample(self.replicas, len(self.replicas))
        return next((replica for replica in replicas if replica.is_in(wanted)), None)
