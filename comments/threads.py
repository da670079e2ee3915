"""The order in which a discussion is read: each reply below what it answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .models import Comment

MAX_DEPTH = 3
"""Replies are indented this often; on a phone there is no room for more."""


@dataclass(frozen=True)
class Entry:
    """A comment in its place. `parent` is what it answers, if that is shown; `depth` counts from 0 to MAX_DEPTH."""

    comment: Comment
    parent: Comment | None
    depth: int


def arrange(comments: Iterable[Comment]) -> list[Entry]:
    """Thread comments that come oldest first; each level keeps that order.

    A comment whose parent is not shown, or was written later, begins a thread of its own. So nothing is lost, and no
    chain of parents can lead back to itself.
    """
    shown: dict[int, Comment] = {}
    replies: dict[int | None, list[Comment]] = {}
    for comment in comments:
        parent_id = comment.parent_id if comment.parent_id in shown else None
        replies.setdefault(parent_id, []).append(comment)
        shown[comment.pk] = comment

    entries = []
    waiting = [Entry(comment, None, 0) for comment in reversed(replies.get(None, []))]
    while waiting:
        entry = waiting.pop()
        entries.append(entry)
        depth = min(entry.depth + 1, MAX_DEPTH)
        waiting += [Entry(reply, entry.comment, depth) for reply in reversed(replies.get(entry.comment.pk, []))]
    return entries
