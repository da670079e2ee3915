"""Where comments stand: in which conversation, and whether their place in it is shown.

Both are stored with each comment, so that a page of a long discussion is found by an index. A comment whose own words
are not public still stands as long as a public reply hangs below it: the page then shows that something was there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
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


def places(rows: Mapping[int, Row]) -> dict[int, Place]:
    """The places of comments, by their ids. A parent that is not among them, or on another post, does not count."""
    tops: dict[int, int] = {}
    standing: set[int] = set()
    for pk in sorted(rows):
        path = list(_upwards(rows, pk, tops))
        top = tops.get(path[-1], path[-1])
        tops.update(dict.fromkeys(path, top))
        if rows[pk].is_public:
            standing.update(_upwards(rows, pk, standing))
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


def lock_threads(comments: CommentQuerySet, wanted: CommentQuerySet) -> dict[int, int]:
    """Keep the wanted comments for this transaction, with their whole conversations; return each one's post, by id.

    All in the order of their ids, so that two changes never wait for each other.
    """
    tops = sorted(set(wanted.order_by().values_list(Coalesce("thread", "pk"), flat=True)))
    found: dict[int, int] = {}
    for batch in batched(tops, BATCH):
        rows = comments.filter(Q(pk__in=batch) | Q(thread__in=batch)).order_by("pk")
        found.update(rows.select_for_update(no_key=True).values_list("pk", "post_id"))
    return found


def settle(comments: CommentQuerySet, pks: Iterable[int]) -> None:
    """Write down anew where these comments stand, and those above them, out of `comments`, which holds all."""
    rows, stored = _read(comments, pks)
    changed: dict[Place, list[int]] = defaultdict(list)
    for pk, place in places(rows).items():
        if place != stored[pk]:
            changed[place].append(pk)
    for place, members in changed.items():
        for batch in batched(members, BATCH):
            comments.filter(pk__in=batch).update(thread=place.thread, stands=place.stands)


def _read(comments: CommentQuerySet, pks: Iterable[int]) -> tuple[dict[int, Row], dict[int, Place]]:
    """These comments with their whole conversations, and with those of their parents; and where each stands so far."""
    rows: dict[int, Row] = {}
    stored: dict[int, Place] = {}
    asked: set[int] = set()
    wanted = set(pks)
    while wanted:
        asked |= wanted
        for batch in batched(sorted(wanted), BATCH):
            found = comments.filter(Q(pk__in=batch) | Q(thread__in=batch))
            for pk, post, parent, status, deleted_at, thread, stands in found.values_list(*_COLUMNS):
                rows[pk] = Row(post, parent, status == "approved" and deleted_at is None)
                stored[pk] = Place(thread, stands)
        above = {row.parent for row in rows.values()} | {place.thread for place in stored.values()}
        wanted = {pk for pk in above if pk is not None} - asked
    return rows, stored
