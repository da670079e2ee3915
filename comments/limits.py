"""How often something may be done in ten minutes: exactly, however many processes count.

A counter is one row. Whoever counts holds it until the end of their transaction, and a refusal undoes the counting: so
a number never passes its limit, and who keeps trying is not shut out for longer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from posts.visitors import Address, hashed

from .models import Attempt

WINDOW = timedelta(minutes=10)
"""It begins with the first attempt."""

TRIES = 6
"""So often may each comment that an address may send be previewed, refused or changed."""
REPORTS = 20
SIGN_INS = 20
ORDERS_OF_MAIL = 10
LINKS_TO_OWN_DATA = 2
"""So many go to one e-mail address, whoever asks for them."""

# Portable: both engines have taken the syntax of each other here.
_COUNT = """
    INSERT INTO comments_attempt (key, since, number) VALUES (%(key)s, %(now)s, 1)
    ON CONFLICT (key) DO UPDATE SET
        number = CASE WHEN comments_attempt.since <= %(before)s THEN 1 ELSE comments_attempt.number + 1 END,
        since = CASE WHEN comments_attempt.since <= %(before)s THEN excluded.since ELSE comments_attempt.since END
    RETURNING key, since, number
"""


class TooMany(Exception):
    """`retry_after` is in how many whole seconds it may be tried again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many; try again in {retry_after} seconds.")
        self.retry_after = retry_after

    @property
    def minutes(self) -> int:
        return math.ceil(self.retry_after / 60)


def by_address(purpose: str, address: Address | None, limit: int) -> dict[str, int]:
    """The limit for whoever comes from this address; none where addresses are not known, as they would all be one."""
    return {f"{purpose}:{hashed(address)}": limit} if address else {}


def count(limits: Mapping[str, int]) -> None:
    """Count one attempt for each key; raise TooMany if there were as many as its limit already.

    Keys are taken in their order, so that two who count the same ones never wait for each other.
    """
    with transaction.atomic():
        for key in sorted(limits):
            attempt = _counted(key)
            if attempt.number > limits[key]:
                raise TooMany(max(1, math.ceil((attempt.since + WINDOW - timezone.now()).total_seconds())))


def tidy() -> int:
    """Forget the counters whose time is over; return how many."""
    return Attempt.objects.filter(since__lte=timezone.now() - WINDOW).delete()[0]


def _counted(key: str) -> Attempt:
    now = timezone.now()
    moments = {"now": now, "before": now - WINDOW}
    adapted = {name: connection.ops.adapt_datetimefield_value(moment) for name, moment in moments.items()}
    [attempt] = Attempt.objects.raw(_COUNT, {"key": key, **adapted})
    return attempt
