"""What a moderator does: each verb changes any number of comments in one transaction, and returns how many changed."""

from __future__ import annotations

from .managers import CommentQuerySet


def approve(comments: CommentQuerySet) -> int:
    return _set_status(comments, "approved")


def mark_as_spam(comments: CommentQuerySet) -> int:
    return _set_status(comments, "spam")


def hold(comments: CommentQuerySet) -> int:
    """Take back a decision: they wait again."""
    return _set_status(comments, "pending")


def trash(comments: CommentQuerySet) -> int:
    return comments.delete()[0]


def restore(comments: CommentQuerySet) -> int:
    """Take out of the trash; each with the status that it had."""
    return comments.trashed().update(deleted_at=None)


def purge(comments: CommentQuerySet) -> int:
    """Delete for good what is in the trash."""
    return comments.trashed().purge()[1].get("comments.Comment", 0)


def _set_status(comments: CommentQuerySet, status: str) -> int:
    return comments.live().exclude(status=status).update(status=status)
