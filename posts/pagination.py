"""Pages by a position in time instead of a row number.

`?before=2026-11-22T10:15:30.5Z_42` is the page of what is older than post 42, published at that moment. Such a page
costs the same at any depth, and keeps its address and its content when newer posts come.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from django.db.models import Q
from django.http import Http404, HttpRequest

from .managers import PostQuerySet
from .models import Post

CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)Z_(\d{1,18})", re.ASCII)


@dataclass(frozen=True, order=True)
class Position:
    """A place in an order of time: a moment and, among the rows of that moment, an id."""

    moment: datetime
    pk: int

    @classmethod
    def of(cls, post: Post) -> Self:
        """Where a published post stands."""
        if post.publish_at is None:
            raise ValueError("A post without a time of publication has no position.")
        return cls(post.publish_at.astimezone(UTC), post.pk)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `str(position)`; raises ValueError for anything else, so that each page has one address."""
        match = CURSOR.fullmatch(text)
        if not match:
            raise ValueError(f"not a position: {text!r}")
        moment, pk = match.groups()
        position = cls(datetime.fromisoformat(f"{moment}+00:00"), int(pk))
        if str(position) != text:
            raise ValueError(f"not the shortest form of a position: {text!r}")
        return position

    def __str__(self) -> str:
        moment = self.moment.replace(tzinfo=None).isoformat()
        return f"{moment.rstrip('0') if '.' in moment else moment}Z_{self.pk}"

    def earlier(self, field: str) -> Q:
        """What stands before this position, by the time in `field`. The first condition lets an index serve it."""
        return Q((f"{field}__lte", self.moment)) & (Q((f"{field}__lt", self.moment)) | Q(pk__lt=self.pk))

    def later(self, field: str) -> Q:
        return Q((f"{field}__gte", self.moment)) & (Q((f"{field}__gt", self.moment)) | Q(pk__gt=self.pk))

    @property
    def older(self) -> Q:
        """The posts that were published before this position."""
        return self.earlier("publish_at")

    @property
    def newer(self) -> Q:
        return self.later("publish_at")


@dataclass(frozen=True)
class Slice:
    """One page of a list: its posts, newest first, and where the pages beside it begin."""

    posts: list[Post]
    older: Position | None
    newer: Position | None
    is_first: bool


def paginate(posts: PostQuerySet, request: HttpRequest, size: int) -> Slice:
    """The page of `posts` that the request's `before` or `after` asks for. Raises Http404 for a malformed one."""
    before, after = (asked_for(request, name) for name in ("before", "after"))
    if before and after:
        raise Http404("A page is before or after a position, not both.")
    if after:
        found = list(posts.filter(after.newer).order_by("publish_at", "pk")[: size + 1])
        rows, more = found[:size][::-1], len(found) > size
        return Slice(rows, _last(rows), _first(rows) if more else None, is_first=False)
    if before:
        posts = posts.filter(before.older)
    found = list(posts.newest_first()[: size + 1])
    rows = found[:size]
    older, newer = _last(rows) if len(found) > size else None, _first(rows) if before else None
    return Slice(rows, older, newer, is_first=not before)


def _first(rows: list[Post]) -> Position | None:
    return Position.of(rows[0]) if rows else None


def _last(rows: list[Post]) -> Position | None:
    return Position.of(rows[-1]) if rows else None


def asked_for(request: HttpRequest, name: str) -> Position | None:
    """The position in a request's query. Raises Http404 for a malformed one."""
    text = request.GET.get(name)
    if text is None:
        return None
    try:
        return Position.parse(text)
    except ValueError as error:
        raise Http404(str(error)) from error
