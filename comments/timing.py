"""How long a form was open before it was sent: programs are quick."""

from __future__ import annotations

import math
import time

from django.core import signing

_SALT = "comments.opened"
LONGEST = 7 * 24 * 60 * 60


def stamp() -> str:
    """The present moment, signed, for a page that is made for one reader."""
    return signing.dumps(time.time(), salt=_SALT)


def seconds_open(opened: str, elapsed: str) -> float | None:
    """The seconds since `opened`, a stamp; or else `elapsed`, which script counts on a page for everyone.

    None if neither tells. What script says can be made up: it is good for a hint, and no more is made of it.
    """
    try:
        return max(0.0, time.time() - signing.loads(opened, salt=_SALT))
    except signing.BadSignature:
        return _counted(elapsed)


def _counted(elapsed: str) -> float | None:
    try:
        seconds = float(elapsed)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and 0 <= seconds <= LONGEST else None
