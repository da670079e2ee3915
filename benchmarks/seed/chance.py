"""How unevenly things are spread on a site."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

YEARS = 10
DAYS = YEARS * 365


class Zipf:
    """Draws from a list whose n-th is drawn 1/n times as often as the first."""

    def __init__(self, chance: random.Random, items: Sequence[int]) -> None:
        self._chance, self._items = chance, items
        self._weights = list(accumulate(1 / rank for rank in range(1, len(items) + 1)))

    def some(self, number: int) -> list[int]:
        """Different ones, up to that many."""
        return list(dict.fromkeys(self._chance.choices(self._items, cum_weights=self._weights, k=number)))


class Calendar:
    """Moments over ten years up to now, in order: quiet days, and bursts of ten times as much."""

    def __init__(self, chance: random.Random, number: int, now: datetime) -> None:
        weights = [chance.lognormvariate(0, 0.8) * (0.4 if day % 7 > 4 else 1) for day in range(DAYS)]
        self._ends = list(accumulate(weights))
        self._scale = self._ends[-1] / (number + 1)
        self._begin = now - timedelta(days=DAYS)

    def at(self, number: int) -> datetime:
        """When the post of this number came out, counted from 0."""
        place = (number + 1) * self._scale
        day = bisect_right(self._ends, place)
        before = self._ends[day - 1] if day else 0.0
        share = (place - before) / (self._ends[day] - before)
        return self._begin + timedelta(seconds=int((day + share) * 86_400))


def stamp(moment: datetime) -> str:
    """As both engines take a time in UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
