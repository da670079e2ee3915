"""While the database is gone: what readers are told, and the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from .security_headers import security_headers

SECONDS_TO_WAIT = 10
# Between two requests that try whether the database is back; to find that it is not may take one of them as long again.
SECONDS_BETWEEN_TRIALS = 1.0
# What is answered without it, or tells itself what is wrong.
ALONE = ("/healthz", "/readyz", settings.MEDIA_URL)


def is_outage(error: BaseException | None) -> bool:
    """Whether the database did not answer, or would not for now; a statement that it refuses is a fault of ours."""
    return isinstance(error, OperationalError | InterfaceError)


@cache
def page() -> str:
    return render_to_string("503.html")


def unavailable() -> HttpResponse:
    """503: nothing is answered from memory whose truth cannot be asked for."""
    headers = {"Retry-After": str(SECONDS_TO_WAIT), "Cache-Control": "no-store", **security_headers()}
    return HttpResponse(page(), status=503, headers=headers)


class OneLine(logging.Filter):
    """Of an outage, the log of requests has a line for each of them, and nobody gets a mail for each."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_outage(error):
            reason = " ".join(str(error).split())
            record.msg, record.args = f"{record.getMessage()}: the database does not answer: {reason}", ()
            record.exc_info = None
        if getattr(record, "status_code", None) == 503:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class OutageMiddleware:
    """While no connection can be made, refuse at once, so that nobody waits behind those who wait for one in vain.

    One request a second is let in to try, and as soon as one has been answered, all are.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._next_trial: float | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(ALONE):
            return self.get_response(request)
        if not self._lets_in():
            return unavailable()
        response = self.get_response(request)
        if response.status_code == 503 and connection.connection is None:
            self._next_trial = monotonic() + SECONDS_BETWEEN_TRIALS
        elif response.status_code != 503:
            self._next_trial = None
        return response

    def _lets_in(self) -> bool:
        now = monotonic()
        if self._next_trial is None:
            return True
        if now < self._next_trial:
            return False
        self._next_trial = now + SECONDS_BETWEEN_TRIALS
        return True
