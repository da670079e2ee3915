"""Around which posts something has changed since somebody looked last: what may be concluded from counts and answers.

Whoever keeps answers asks by `posts.state.POSTS_SINCE`, each in a way of its own, and judges here.
"""

from __future__ import annotations

from collections.abc import Collection

from .triggers import ALL_POSTS


def are_told(since: int, now: int) -> bool:
    """Whether a database that has counted as far as `now` tells around which posts something changed after `since`.

    One that counts less than before was put back to an earlier time, and knows nothing of what was; one that counts
    as much, but at another time, is another one.
    """
    return since < now


def named(posts: Collection[int], most: int) -> frozenset[int] | None:
    """The posts of an answer; None if they are all there are, or more than `most`."""
    return None if ALL_POSTS in posts or len(posts) > most else frozenset(posts)
