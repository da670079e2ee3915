"""Where comments stand: in which conversation, and whether their place in it is shown.

Both are stored with each comment, so that a page of a long discussion is found by an index. A comment whose own words
are not public still stands as long as a public reply hangs below it: the page then shows that something was there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from itertools import batched
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Q
from django.db.models.functions import Coalesce

from .counts import BATCH

if TYPE_CHECKING:
    from .managers import CommentQuerySet


_COLUMNS = ("pk", "post_id", "parent_id", "status", "deleted_at", "thread_id", "stands")


class Row(NamedTuple):
    """What decides the place of a comment."""

    post: int
    parent: int | None
    is_public: bool


class Place(NamedTuple):
    """`thread` is the comment at the top of the conversation, None for that one itself."""

    thread: int | None
    stands: bool


class Stored(NamedTuple):
    """A comment as it is in the database, where its place may be that of before a change."""

    row: Row
    place: Place


def places(rows: Mapping[int, Row]) -> dict[int, Place]:
    """The places of comments, by their ids. A parent that is not among them, or on another post, does not count."""
    tops: dict[int, int] = {}
    standing: set[int] = set()
    for pk in sorted(rows):
        path = list(_upwards(rows, pk, tops))
        top = tops.get(path[-1], path[-1])
        tops.update(dict.fromkeys(path, top))
        if rows[pk].is_public:
            # Listed first: the walk ends at what stands already, so it must not see itself add to that.
            standing.update(list(_upwards(rows, pk, standing)))
    return {pk: Place(None if tops[pk] == pk else tops[pk], pk in standing) for pk in rows}


def _upwards(rows: Mapping[int, Row], pk: int, known: Container[int]) -> Iterator[int]:
    """A comment and what stands above it, up to one that is known, or else to the top."""
    seen: set[int] = set()
    here: int | None = pk
    # Parents that lead back to themselves are refused by the model, but not by the database.
    while here is not None and here not in seen:
        yield here
        if here in known:
            return
        seen.add(here)
        here = _parent(rows, here)


def _parent(rows: Mapping[int, Row], pk: int) -> int | None:
    row = rows[pk]
    above = rows.get(row.parent) if row.parent is not None else None
    return row.parent if above and above.post == row.post else None


def neighbours(comments: CommentQuerySet, pks: Collection[int]) -> set[int]:
    """These comments and all whose way up leads through them: what to settle once they are moved or deleted."""
    found = set(pks)
    for batch in batched(pks, BATCH):
        found.update(comments.filter(pk__in=batch).values_list(Coalesce("thread", "pk"), flat=True))
        # By parent as well: an answer that was left behind on another post is in a thread of its own.
        below = comments.filter(Q(parent__in=batch) | Q(thread__in=batch))
        found.update(below.values_list("pk", flat=True))
    return found


def settle(comments: CommentQuerySet, pks: Iterable[int]) -> None:
    """Write down anew where these comments stand, and those above them, out of `comments`, which holds all."""
    stored = _read(comments, pks)
    changed: dict[Place, list[int]] = defaultdict(list)
    for pk, place in places({pk: row for pk, (row, _place) in stored.items()}).items():
        if place != stored[pk].place:
            changed[place].append(pk)
    for place, members in changed.items():
        for batch in batched(members, BATCH):
            comments.filter(pk__in=batch).update(thread=place.thread, stands=place.stands)


def _read(comments: CommentQuerySet, pks: Iterable[int]) -> dict[int, Stored]:
    """These comments with their whole conversations, and with those of their parents, by their ids."""
    found: dict[int, Stored] = {}
    threads: set[int] = set()
    missing: set[int] = set()
    wanted = set(pks)
    while wanted:
        found |= _fetch(comments, "pk", wanted)
        missing |= wanted - found.keys()
        unread = {found[pk].place.thread or pk for pk in wanted - missing} - threads
        found |= _fetch(comments, "thread", unread)
        threads |= unread
        above = {pk for row, place in found.values() for pk in (row.parent, place.thread) if pk is not None}
        wanted = above - found.keys() - missing
    return found


def _fetch(comments: CommentQuerySet, name: str, ids: Iterable[int]) -> dict[int, Stored]:
    """The comments with one of these ids in that column."""
    found = {}
    for batch in batched(sorted(ids), BATCH):
        rows = comments.filter(**{f"{name}__in": batch}).order_by().values_list(*_COLUMNS)
        for pk, post, parent, status, deleted_at, thread, stands in rows:
            is_public = status == "approved" and deleted_at is None
            found[pk] = Stored(Row(post, parent, is_public), Place(thread, stands))
    return found
