"""The order in which a conversation is read: each reply below what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .said import Answered, Said

MAX_DEPTH = 3
"""Replies are indented this often; on a phone there is no room for more."""


@dataclass(frozen=True)
class Entry:
    """A reply in its place. `depth` counts from 1 to MAX_DEPTH; `answers` is set where the indentation does not tell.

    Lists within lists: either a deeper one `opens` below this entry, or so many of them end with it as `closes` has
    members.
    """

    comment: Said
    depth: int
    answers: Answered | None
    opens: bool
    closes: range

    @property
    def is_near(self) -> bool:
        """Whether what it answers stands on the same page: only those to others come right below the top."""
        return self.depth > 1


@dataclass(frozen=True)
class Conversation:
    """A comment with the replies that are shown below it, and how many there are in all."""

    top: Said
    replies: tuple[Entry, ...]
    total: int

    @property
    def has_more(self) -> bool:
        return self.total > len(self.replies)


def arrange(top: Said, replies: Iterable[Said]) -> tuple[Entry, ...]:
    """The replies below `top`, which come oldest first; each level keeps that order.

    A reply to what is not among them, or was written later, stands right below the top. So nothing is lost, and no
    chain of parents can lead back to itself.
    """
    placed = list(_walk(top, replies))
    depths = [*(depth for _comment, depth, _is_told in placed), 1]
    entries = [
        Entry(comment, depth, None if is_told else comment.answered, following > depth, range(depth - following))
        for (comment, depth, is_told), following in zip(placed, depths[1:], strict=True)
    ]
    return tuple(entries)


def _walk(top: Said, replies: Iterable[Said]) -> Iterator[tuple[Said, int, bool]]:
    """Each reply with its depth, and whether that tells what it answers."""
    below: dict[int | None, list[Said]] = {top.pk: []}
    for reply in replies:
        below[reply.parent_id if reply.parent_id in below else top.pk].append(reply)
        below[reply.pk] = []

    waiting = [(reply, 1, reply.parent_id == top.pk) for reply in reversed(below[top.pk])]
    while waiting:
        comment, depth, is_told = waiting.pop()
        yield comment, depth, is_told
        deeper = min(depth + 1, MAX_DEPTH)
        waiting += [(reply, deeper, deeper > depth) for reply in reversed(below[comment.pk])]
