"""The generation of the content: a number that the database counts up whenever something that feeds show changes.

Triggers do the counting, as the last act of the transaction of the change itself, so that no way of writing (save, bulk
update, import, raw SQL, restore) can forget it. Together with the last moment at which a post became due or expired it
tells, by one small row, whether anything is new: that is what lets a feed answer 304 without looking at the posts.

Other applications count what is theirs in a row of their own (see `posts.triggers`), which makes nothing else look new.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min
from django.utils import timezone

from .models import Generation, Post
from .triggers import NEVER

CONTENT = 1
"""The row of the table that counts the changes of posts and of all that belongs to them."""

PAGES = 3
"""The row that counts the changes of pages, which no feed shows, but the sitemap. 2 is that of comments."""

SURROUNDINGS = 4
"""What stands around a single post: comments, their number, related posts. `posts_surroundings` tells around which."""

SITE = 5
"""What every page may show of the site itself: its settings, and its menus with what they name."""

FINDABLE = 6
"""What the search finds, and where old addresses lead."""


@dataclass(frozen=True)
class Freshness:
    """The state of what was counted at one moment: equal states mean equal feeds."""

    numbers: tuple[int, ...]
    changed_at: datetime
    turned_at: datetime | None

    @property
    def last_modified(self) -> datetime:
        return max(filter(None, [self.changed_at, self.turned_at]))


@dataclass(frozen=True)
class _Turns:
    """The last moment at which time alone changed what is published, and the next one, for one generation."""

    number: int
    changed_at: datetime
    last: datetime | None
    next: datetime | None

    def hold(self, generation: Generation, now: datetime) -> bool:
        same = (self.number, self.changed_at) == (generation.number, generation.changed_at)
        return same and (self.last is None or self.last <= now) and (self.next is None or now < self.next)


_turns = threading.local()


def current(*others: int) -> Freshness:
    """The freshness of the content now, and of `others`, the counters of other applications.

    One small query, unless the content or the hour has turned since the last.
    """
    now = timezone.now()
    rows = {row.pk: row for row in Generation.objects.filter(pk__in=[CONTENT, *others])}
    counted = [rows.get(pk) or _untouched() for pk in (CONTENT, *others)]
    turns = getattr(_turns, "known", None)
    if turns is None or not turns.hold(counted[0], now):
        turns = _turns.known = _find_turns(counted[0], now)
    return Freshness(tuple(row.number for row in counted), max(row.changed_at for row in counted), turns.last)


def _untouched() -> Generation:
    return Generation(number=0, changed_at=NEVER)


def _find_turns(generation: Generation, now: datetime) -> _Turns:
    last: list[datetime | None] = []
    following: list[datetime | None] = []
    for field in ("publish_at", "unpublish_at"):
        posts = Post.objects.filter(status="published").order_by()
        last.append(posts.filter(**{f"{field}__lte": now}).aggregate(at=Max(field))["at"])
        following.append(posts.filter(**{f"{field}__gt": now}).aggregate(at=Min(field))["at"])
    return _Turns(
        generation.number,
        generation.changed_at,
        max(filter(None, last), default=None),
        min(filter(None, following), default=None),
    )
