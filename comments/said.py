"""Comments as values: what a page shows of them, by queries that are compiled once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from posts import markup
from posts.compiled import Compiled, Found, Parameter
from posts.models import Post, SiteSettings
from posts.pagination import Position

from . import pages
from .managers import CommentQuerySet
from .models import Comment


class Answered(NamedTuple):
    """The public comment that another one replies to."""

    pk: int
    author_name: str


class Said(NamedTuple):
    """A comment in its place. `replies` are all that stand in its conversation, told of those at the top alone."""

    pk: int
    parent_id: int | None
    thread_id: int | None
    author_name: str
    email: str
    website: str
    body_html: str
    status: str
    deleted_at: datetime | None
    created_at: datetime
    edited_at: datetime | None
    user_id: int | None
    thread_stands: bool | None
    answered_name: str
    is_staff: bool | None
    replies: int = 0

    @property
    def is_public(self) -> bool:
        """As `Comment.is_public`."""
        return self.status == Comment.Status.APPROVED and not self.is_trashed

    @property
    def is_trashed(self) -> bool:
        return self.deleted_at is not None

    @property
    def is_top(self) -> bool:
        """Whether it begins a conversation. So does one whose conversation is shown to nobody else."""
        return not self.thread_stands

    @property
    def anchor(self) -> str:
        return f"comment-{self.pk}"

    @property
    def html(self) -> SafeString:
        return markup.stored(self.body_html)

    @property
    def answered(self) -> Answered | None:
        """What it replies to, if anyone may read that below the same post."""
        return Answered(self.parent_id, self.answered_name) if self.parent_id and self.answered_name else None


COLUMNS = Said._fields[: Said._fields.index("thread_stands")]
# Asked for each comment by itself: for a join, PostgreSQL would read all accounts where a page may have many comments.
_STAFF = User.objects.filter(pk=OuterRef("user")).values(
    is_team=ExpressionWrapper(Q(is_staff=True, is_active=True), output_field=BooleanField())
)
_ANSWERED = Comment.all_objects.approved().filter(pk=OuterRef("parent"), post=OuterRef("post")).order_by()
_THREAD = Comment.all_objects.filter(pk=OuterRef("thread")).order_by()

_NONE = Value(0)


def said(comments: CommentQuerySet) -> list[Said]:
    """These comments, in no order."""
    return list(map(Said._make, values(comments)))


def values(comments: CommentQuerySet, replies: Any = _NONE, thread_stands: Any = None) -> QuerySet[Comment, Any]:
    """The columns of Said; `thread_stands` where it is known of all of them."""
    stands = thread_stands or Subquery(_THREAD.values("stands"))
    answered = Coalesce(Subquery(_ANSWERED.values("author_name")), Value(""))
    return comments.order_by().values_list(*COLUMNS, stands, answered, Subquery(_STAFF), replies)


def of_page(post: Post, site: SiteSettings, begin: Position | None) -> Found:
    """The conversations of a page, one more if another page follows, and the first replies in them, as columns of Said.

    One query.
    """
    shape = (site.comment_threads_per_page, site.comments_newest_first, begin is not None)
    limits = (pages.MAX_REPLIES, pages.MAX_REPLIES_TOGETHER)
    return _page.find(*shape, *limits, post=post.pk, **_bounds(begin))


def _of_page(
    size: int, newest_first: bool, begins: bool, most: int, together: int, post: Parameter, **begin: Any
) -> QuerySet[Comment, Any]:
    line = pages.Line(_standing().filter(post=post, thread=None), size, newest_first)
    tops = line.after(Position(**begin) if begins else None).values("pk")
    shown = pages.first_replies(tops[:size], most, together)
    nothing_above, stands = (Value(known, BooleanField()) for known in (None, True))
    all_replies = _standing().filter(thread=OuterRef("pk")).order_by().values("thread").values(number=Count("pk"))
    return (
        values(_standing().filter(pk__in=tops[: size + 1]), Coalesce(Subquery(all_replies), 0), nothing_above)
        .union(values(_standing().filter(pk__in=shown), thread_stands=stands), all=True)
        .order_by()
    )


def top_of(post: Post, pk: int) -> Said | None:
    """What stands at the top of a conversation below a post. One query."""
    return next(map(Said._make, _top.rows(post=post.pk, pk=pk)), None)


def _of_top(post: Parameter, pk: Parameter) -> QuerySet[Comment, Any]:
    return values(_standing().filter(post=post, thread=None, pk=pk))


def of_conversation(top: Said, begin: Position | None) -> list[Said]:
    """The replies of a page, and one more if another page follows. One query."""
    rows = _conversation.rows(pages.MAX_REPLIES, begin is not None, top=top.pk, **_bounds(begin))
    return list(map(Said._make, rows))


def _of_conversation(size: int, begins: bool, top: Parameter, **begin: Any) -> QuerySet[Comment, Any]:
    line = pages.Line(_standing().filter(thread=top), size)
    return values(_standing().filter(pk__in=line.after(Position(**begin) if begins else None).values("pk")[: size + 1]))


def _standing() -> CommentQuerySet:
    return Comment.all_objects.standing()


def _bounds(begin: Position | None) -> dict[str, datetime | int]:
    return {"moment": begin.moment, "pk": begin.pk} if begin else {}


_page = Compiled(Comment, _of_page)
_top = Compiled(Comment, _of_top)
_conversation = Compiled(Comment, _of_conversation)
