"""Who reads the feeds, as `subscribers` has noted it, for editors."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone

from ..models import FeedReading

WEEK = 7
"""In days."""


@dataclass(frozen=True)
class Audience:
    """Who read one feed this week."""

    feed: str
    programs: list[tuple[str, int]]
    """Names and readers, the most popular first."""

    @property
    def readers(self) -> int:
        return sum(readers for _name, readers in self.programs)


def audiences(most: int = 200) -> list[Audience]:
    """The feeds that were read in the last seven days, with the most readers first; two queries, `most` feeds."""
    since = timezone.now().date() - timedelta(days=WEEK)
    rows = FeedReading.objects.filter(day__gt=since)
    feeds = rows.values("feed").annotate(best=Max("readers")).order_by("-best", "feed").values_list("feed", flat=True)
    return sorted(_audiences(rows.filter(feed__in=list(feeds[:most]))), key=lambda found: (-found.readers, found.feed))


def _audiences(rows: Iterable[FeedReading]) -> list[Audience]:
    """By what programmes told last, and by the best day of what was counted."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.day):
        programs = found[row.feed]
        programs[row.program] = row.readers if row.is_reported else max(row.readers, programs.get(row.program, 0))
    ranked = {feed: sorted(programs.items(), key=lambda item: (-item[1], item[0])) for feed, programs in found.items()}
    return [Audience(feed, programs) for feed, programs in ranked.items()]
