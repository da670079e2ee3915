"""Pages by a position in time instead of a row number.

`?before=2026-11-22T10:15:30.5Z_42` is the page of what is older than post 42, published at that moment. Such a page
costs the same at any depth, and keeps its address and its content when newer posts come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from .managers import narrowed
from .models import Post

CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)Z_(\d{1,18})", re.ASCII)
# The parameters that ask for the page before or after a position.
NAMES = BEFORE, AFTER = ("before", "after")


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
        return cls.at(post, "publish_at")

    @classmethod
    def at(cls, row: Any, field: str) -> Self:
        """Where a row stands by the time in `field`."""
        return cls(getattr(row, field).astimezone(UTC), row.pk)

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

    def earlier(self, field: str, key: str = "pk") -> Q:
        """What stands before this position, by the time in `field`. The first condition lets an index serve it."""
        before = Q((f"{field}__lt", self.moment)) | Q((f"{key}__lt", self.pk))
        return Q((f"{field}__lte", self.moment)) & before

    def later(self, field: str, key: str = "pk") -> Q:
        after = Q((f"{field}__gt", self.moment)) | Q((f"{key}__gt", self.pk))
        return Q((f"{field}__gte", self.moment)) & after

    @property
    def older(self) -> Q:
        """The posts that were published before this position."""
        return self.earlier("publish_at")

    @property
    def newer(self) -> Q:
        return self.later("publish_at")


class Order(NamedTuple):
    """The names by which a query orders rows, a moment and an id, and that by which a row itself tells the moment."""

    moment: str = "publish_at"
    key: str = "pk"
    column: str = "publish_at"

    @property
    def oldest_first(self) -> tuple[str, str]:
        return self.moment, self.key

    @property
    def newest_first(self) -> tuple[str, str]:
        return f"-{self.moment}", f"-{self.key}"


IN_TIME = Order()
IN_LIST = Order("placed_at", "placed_pk")
"""As `PostQuerySet.in_list()` orders."""


@dataclass(frozen=True)
class Slice[Row]:
    """One page of a list: its rows, newest first, and where the pages beside it begin."""

    rows: Sequence[Row]
    older: Position | None
    newer: Position | None
    is_first: bool

    @property
    def posts(self) -> Sequence[Row]:
        """As lists of posts call them."""
        return self.rows


type Find = Callable[[str, Position | None, int], list[Any]]
"""By BEFORE or AFTER, a position and a number: that many rows there, as `stretch` orders them."""


def paginate(rows: QuerySet, request: HttpRequest, size: int, order: Order = IN_TIME) -> Slice[Any]:
    """The page of `rows` that the request's `before` or `after` asks for.

    Raises Http404 for a malformed position.
    """

    def find(way: str, position: Position | None, limit: int) -> list[Any]:
        return list(stretch(rows, way, position, order)[:limit])

    return cut(find, request, size, order.column)


def stretch[Rows: QuerySet](rows: Rows, way: str, position: Position | None, order: Order = IN_TIME) -> Rows:
    """The rows that lie before or after a position, those next to it first; all of them where there is none."""
    if position is None:
        return rows.order_by(*order.newest_first)
    if way == AFTER:
        return narrowed(rows, position.later(order.moment, order.key)).order_by(*order.oldest_first)
    return narrowed(rows, position.earlier(order.moment, order.key)).order_by(*order.newest_first)


def cut(find: Find, request: HttpRequest, size: int, column: str = "publish_at") -> Slice[Any]:
    """The page that the request asks for, of rows that `find` finds. Raises Http404 for a malformed position."""
    before, after = (asked_for(request, name) for name in NAMES)
    if before and after:
        raise Http404("A page is before or after a position, not both.")
    if after:
        found = find(AFTER, after, size + 1)
        page, more = found[:size][::-1], len(found) > size
        return Slice(page, _last(page, column), _first(page, column) if more else None, is_first=False)
    found = find(BEFORE, before, size + 1)
    page = found[:size]
    older, newer = _last(page, column) if len(found) > size else None, _first(page, column) if before else None
    return Slice(page, older, newer, is_first=not before)


def _first(rows: list[Any], field: str) -> Position | None:
    return Position.at(rows[0], field) if rows else None


def _last(rows: list[Any], field: str) -> Position | None:
    return Position.at(rows[-1], field) if rows else None


def asked_for(request: HttpRequest, name: str) -> Position | None:
    """The position in a request's query. Raises Http404 for a malformed one."""
    text = request.GET.get(name)
    if text is None:
        return None
    try:
        return Position.parse(text)
    except ValueError as error:
        raise Http404(str(error)) from error
