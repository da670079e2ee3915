"""What an answer shows, told by the view that makes it: the page cache keeps the answer until that changes.

Who tells nothing depends on everything, which is always right. A view that tells has to tell all: the chrome of a page
is counted, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from .state import State


@dataclass
class Note:
    """What the page cache says to a view, and hears from it, in `scope["blogsite.page"]`.

    The answer is rendered in `state`, or a later one. It shows what `counters` count, None for everything, and what
    stands around `posts` (`posts.generation.SURROUNDINGS`); from `until` on it is another one. `on_hit` is called
    whenever it is given to somebody, with the ASGI scope of that request, and must be quick.
    """

    state: State
    counters: frozenset[int] | None = None
    posts: frozenset[int] = frozenset()
    until: datetime | None = None
    on_hit: Callable[[dict[str, Any]], None] | None = None


def shows(
    request: HttpRequest,
    *,
    counters: Iterable[int] | None = None,
    posts: Iterable[int] | None = None,
    until: datetime | None = None,
) -> None:
    """Say that the answer to `request` shows this, besides what was said before. Without a page cache, nothing happens.

    `posts`, the ids of those whose surroundings it shows, are for an answer that does not name SURROUNDINGS, which is
    those of all posts. Of several `until` the earliest counts.
    """
    note = getattr(request, "scope", {}).get("blogsite.page")
    if note is None:
        return
    if counters is not None:
        note.counters = (note.counters or frozenset()).union(counters)
    note.posts = note.posts.union(posts or ())
    note.until = min(filter(None, [note.until, until]), default=None)
