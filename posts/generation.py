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
from typing import Any

from django.db.models import DateTimeField, F, Func, QuerySet, Value
from django.utils import timezone

from .compiled import Compiled
from .models import Post
from .state import Count, State
from .state import current as current_state
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

    content: Count
    last: datetime | None
    next: datetime | None

    def hold(self, content: Count, now: datetime) -> bool:
        same = self.content == content
        return same and (self.last is None or self.last <= now) and (self.next is None or now < self.next)


_turns = threading.local()


def current(*others: int, state: State | None = None) -> Freshness:
    """The freshness of the content in a state of the site, or now, and of `others`, the counters of other applications.

    One small query where no state is given, and one more when the content or the hour has turned since the last.
    """
    now = timezone.now()
    counts = {count.counter: count for count in state or current_state()}
    counted = [counts.get(counter) or Count(counter, 0, str(NEVER.timestamp())) for counter in (CONTENT, *others)]
    turns = getattr(_turns, "known", None)
    if turns is None or not turns.hold(counted[0], now):
        turns = _turns.known = _find_turns(counted[0], now)
    return Freshness(tuple(count.number for count in counted), max(count.moment for count in counted), turns.last)


def _turns_around(moment: Any) -> QuerySet:
    """The last time and the next one, before and after a moment, of publication and of its end: a row for each."""
    rows = []
    for field in ("publish_at", "unpublish_at"):
        posts = Post.objects.filter(status="published").order_by()
        for name, bound in (("MAX", "lte"), ("MIN", "gt")):
            time = Func(F(field), function=name, output_field=DateTimeField())
            rows.append(posts.filter(**{f"{field}__{bound}": moment}).values_list(Value(name), time))
    return rows[0].union(*rows[1:], all=True).order_by()


_around = Compiled(Post, _turns_around)


def _find_turns(content: Count, now: datetime) -> _Turns:
    found = [(name, time) for name, time in _around.rows(moment=now) if time]
    return _Turns(
        content,
        max((time for name, time in found if name == "MAX"), default=None),
        min((time for name, time in found if name == "MIN"), default=None),
    )
