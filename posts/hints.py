"""What is noted for a moment in Django's cache: hints, whose loss costs some work and never a page.

The cache may be a server of its own, and gone. What its client raises then depends on the client, without a class
common to all; so whatever is raised here is logged, and taken for a cache that has forgotten.
"""

from __future__ import annotations

import logging

from django.core.cache import cache

logger = logging.getLogger(__name__)


def is_first(key: str, seconds: int) -> bool:
    """Whether nobody has asked this within so many seconds, as far as is known."""
    try:
        return cache.add(key, True, seconds)
    except Exception as error:
        return _forgotten(error, True)


def count(key: str, seconds: int) -> int:
    """How often this was called within so many seconds of the first time; 1 if that is not known."""
    try:
        cache.add(key, 0, seconds)
        return cache.incr(key)
    except ValueError:  # the cache has dropped it meanwhile
        return 1
    except Exception as error:
        return _forgotten(error, 1)


def _forgotten[Value](error: Exception, value: Value) -> Value:
    logger.warning("The cache of CACHE_URL does not answer: %r", error)
    return value
