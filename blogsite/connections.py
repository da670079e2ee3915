"""Connections to PostgreSQL that last as long as the threads which use them, and when one of them is to be doubted.

Django asks each, once a request, whether it is still good for anything: a round trip, which costs as much as a query.
But a server that ends a connection, by its will or with its machine's, leaves something to read on it: a last word, or
the end itself. As long as there is nothing to read on a line on which nobody was asked, it is good. Only what lies
between may forget a connection without telling either end, and that takes minutes.
"""

from __future__ import annotations

import select
from time import monotonic
from weakref import WeakKeyDictionary

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# In seconds: from one question to the next, whatever is to be read.
TRUST = 30.0

# By the driver's connection: when it last answered.
_answered: WeakKeyDictionary[object, float] = WeakKeyDictionary()


def look_after_connections() -> None:
    """Of this thread, before it begins with a request. What is not to be doubted, Django need not ask."""
    for connection in connections.all(initialized_only=True):
        if connection.vendor == "postgresql" and connection.connection is not None:
            if not is_trusted(connection):
                ask(connection)
            connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it


def is_trusted(connection: BaseDatabaseWrapper) -> bool:
    answered = _answered.get(connection.connection)
    return answered is not None and monotonic() - answered < TRUST and is_silent(connection.connection.fileno())


def is_silent(line: int) -> bool:
    """Whether there is nothing to read on it. Where the system cannot tell, there may always be something."""
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return not poll.poll(0)


def ask(connection: BaseDatabaseWrapper) -> None:
    """Close it, if it does not answer: the next query opens another one."""
    if connection.is_usable():
        _answered[connection.connection] = monotonic()
    else:
        connection.close()
