"""While the database is gone: what readers are told, and the log."""

from __future__ import annotations

import logging
from functools import cache

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string

SECONDS_TO_WAIT = 10


def is_outage(error: BaseException | None) -> bool:
    """Whether the database did not answer, or would not for now; a statement that it refuses is a fault of ours."""
    return isinstance(error, OperationalError | InterfaceError)


@cache
def page() -> str:
    return render_to_string("503.html")


def unavailable() -> HttpResponse:
    """503: nothing is answered from memory whose truth cannot be asked for."""
    headers = {"Retry-After": str(SECONDS_TO_WAIT), "Cache-Control": "no-store"}
    return HttpResponse(page(), status=503, headers=headers)


class OneLine(logging.Filter):
    """Of an outage, the log of requests has a line for each of them, and nobody gets a mail for each."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if is_outage(error):
            reason = " ".join(str(error).split())
            record.msg, record.args = f"{record.getMessage()}: the database does not answer: {reason}", ()
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True
