"""Pages of comments: of the conversations below a post, and of the replies within a conversation.

A page begins after a position, as the lists of posts do (see `posts.pagination`), so that the last page of a long
discussion costs what the first one costs, and an address keeps what it shows when more is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.functional import SimpleLazyObject

from posts.models import Post, SiteSettings
from posts.pagination import Position

from .models import Comment

if TYPE_CHECKING:
    from .managers import CommentQuerySet
    from .said import Said

MAX_REPLIES = 100
"""So many replies of one conversation are shown at once."""

MAX_REPLIES_TOGETHER = 200
"""And so many of all conversations of a page: a page is for reading, and costs the same however much is written."""


@dataclass(frozen=True)
class Page:
    """The places of the comments on it, in the order of reading; `previous` is None where the first page is meant."""

    places: list[Position] = field(default_factory=list)
    begin: Position | None = None
    previous: Position | None = None
    next: Position | None = None

    @property
    def is_first(self) -> bool:
        return self.begin is None

    @property
    def ids(self) -> list[int]:
        return [place.pk for place in self.places]


@dataclass(frozen=True)
class Line:
    """Comments in the order in which they are read, cut into pages from the first one on."""

    comments: CommentQuerySet
    size: int
    newest_first: bool = False

    def page(self, begin: Position | None = None) -> Page:
        """The page after a position, or the first one."""
        rows = self.after(begin).values_list("created_at", "pk")[: self.size + 1]
        return self.page_of([Position(moment, pk) for moment, pk in rows], begin)

    def page_of(self, found: list[Position], begin: Position | None) -> Page:
        """The page of these places after a position, in their order, one more of them if another page follows."""
        places = found[: self.size]
        following = places[-1] if len(found) > self.size else None
        # What this page begins after is itself the last one on the page before it.
        previous = self._before(begin, self.size - 1) if begin else None
        return Page(places, begin, previous, following)

    def after(self, begin: Position | None) -> CommentQuerySet:
        """The comments after a position, or all of them, in the order of reading."""
        comments = self.comments.filter(self._behind(begin)) if begin else self.comments
        return self._in_order(comments, backwards=False)

    def begin_of(self, place: Position) -> Position | None:
        """Where the page begins on which a place is, or would be; None for the first page."""
        before = self.comments.filter(self._ahead_of(place)).count()
        return self._before(place, before % self.size)

    def holds(self, page: Page, place: Position) -> bool:
        """Whether a comment at this place would be on the page."""
        is_before = page.begin is not None and not self._is_behind(place, page.begin)
        is_behind = page.next is not None and self._is_behind(place, page.next)
        return not is_before and not is_behind

    def sort(self, comments: Iterable[Said]) -> list[Said]:
        return sorted(comments, key=place_of, reverse=self.newest_first)

    def _is_behind(self, place: Position, other: Position) -> bool:
        return place < other if self.newest_first else place > other

    def _before(self, place: Position, number: int) -> Position | None:
        """The place before another that has so many others in between."""
        comments = self._in_order(self.comments.filter(self._ahead_of(place)), backwards=True)
        rows = comments.values_list("created_at", "pk")[number : number + 1]
        return next((Position(moment, pk) for moment, pk in rows), None)

    def _ahead_of(self, place: Position) -> Q:
        return place.later("created_at") if self.newest_first else place.earlier("created_at")

    def _behind(self, place: Position) -> Q:
        return place.earlier("created_at") if self.newest_first else place.later("created_at")

    def _in_order(self, comments: CommentQuerySet, *, backwards: bool) -> CommentQuerySet:
        direction = "-" if backwards != self.newest_first else ""
        return comments.order_by(f"{direction}created_at", f"{direction}pk")


def conversations(post: Post, site: SiteSettings) -> Line:
    """The conversations below a post, by the comments at their top."""
    # Most pages need no more of it than its order.
    tops = SimpleLazyObject(lambda: Comment.all_objects.standing().filter(post=post, thread=None))
    return Line(cast("CommentQuerySet", tops), site.comment_threads_per_page, site.comments_newest_first)


def replies(top: int) -> Line:
    """All replies in a conversation, whatever they answer there."""
    return Line(Comment.all_objects.standing().filter(thread=top), MAX_REPLIES)


def first_replies(tops: Iterable[int] | QuerySet[Comment, Any], most: int, together: int) -> QuerySet[Comment, Any]:
    """The ids of the replies that are shown below the comments at the top of a page: `together` of them, at most.

    Where that is too few for all, every conversation keeps its first ones, and as many as any other.
    """
    return (
        Comment.all_objects.standing()
        .filter(thread__in=tops)
        .annotate(rank=Window(RowNumber(), partition_by="thread", order_by=["created_at", "pk"]))
        .filter(rank__lte=most)
        .order_by("rank", "pk")
        .values_list("pk", flat=True)[:together]
    )


def place_of(comment: Comment | Said) -> Position:
    return Position(comment.created_at.astimezone(UTC), comment.pk)
