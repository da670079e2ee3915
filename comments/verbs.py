"""What a moderator does: each verb changes any number of comments in one transaction, and returns how many changed.

The spam filter learns from the decisions of moderators alone, in the same transaction. To say again what a comment is
already is a decision too: it changes nothing, but is learnt.
"""

from __future__ import annotations

from itertools import batched

from django.db import transaction

from . import spam_filter
from .counts import BATCH, lock_posts
from .mail import notifications
from .managers import CommentQuerySet
from .models import Comment, Report
from .spam_filter import Lesson


@transaction.atomic
def approve(comments: CommentQuerySet) -> int:
    """Publish them, tell those who wait for them, and lay aside what readers have reported so far."""
    published: list[Comment] = []
    for pks in _live(comments):
        published += _decide(pks, "approved", "ham")
        Report.objects.filter(comment__in=pks).settle()
    notifications.published(published)
    return len(published)


@transaction.atomic
def mark_as_spam(comments: CommentQuerySet) -> int:
    return sum(len(_decide(pks, "spam", "spam")) for pks in _live(comments))


@transaction.atomic
def hold(comments: CommentQuerySet) -> int:
    """Take back a decision: they wait again, and the filter forgets it."""
    return sum(len(_decide(pks, "pending", "")) for pks in _live(comments))


def set_status(comments: CommentQuerySet, status: str) -> int:
    """Give them a status, by the verb for it."""
    verb_of = {Comment.Status.APPROVED: approve, Comment.Status.SPAM: mark_as_spam, Comment.Status.PENDING: hold}
    return verb_of[Comment.Status(status)](comments)


def trash(comments: CommentQuerySet) -> int:
    return comments.delete()[0]


@transaction.atomic
def take_back(comments: CommentQuerySet) -> int:
    """Trash for their own writers, who may send the same words again, see `receiving.sent_before`."""
    for pks in _live(comments):
        rows = list(Comment.objects.filter(pk__in=pks))
        for comment in rows:
            comment.reasons = [{"code": "taken_back"}, *comment.reasons]
        Comment.objects.bulk_update(rows, ["reasons"])
    return trash(comments)


def restore(comments: CommentQuerySet) -> int:
    """Take out of the trash; each with the status that it had. What its writer has erased stays there."""
    return comments.trashed().filter(erased_at=None).update(deleted_at=None)


def purge(comments: CommentQuerySet) -> int:
    """Delete for good what is in the trash."""
    return comments.trashed().purge()[1].get("comments.Comment", 0)


@transaction.atomic
def rewrite(comment: Comment, fields: set[str]) -> None:
    """Save a comment whose text has changed, and these `fields` of it; any decision was about its former words."""
    spam_filter.learn(Comment.all_objects.filter(pk=comment.pk), "")
    comment.learnt_as = ""
    comment.save(update_fields={*fields, "learnt_as"})


def _live(comments: CommentQuerySet) -> list[tuple[int, ...]]:
    """The ids of those that are not in the trash, in batches; their posts are kept for this transaction."""
    live = comments.order_by().live()
    lock_posts(live.values_list("post_id", flat=True))
    return list(batched(live.values_list("pk", flat=True), BATCH))


def _decide(pks: tuple[int, ...], status: str, lesson: Lesson) -> list[Comment]:
    """Give them a status and teach the filter; return those that did not have it yet, as they are now."""
    comments = Comment.objects.filter(pk__in=pks)
    changed = list(comments.exclude(status=status))
    Comment.objects.filter(pk__in=[comment.pk for comment in changed]).update(status=status)
    spam_filter.learn(comments, lesson)
    for comment in changed:
        comment.status = status
    return changed
