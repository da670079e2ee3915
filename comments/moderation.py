"""What becomes of a comment: the decision about a new one, and the verbs of a moderator.

The decision is pure: it sees signals and gives a verdict. Each verb changes any number of comments in one transaction,
and returns how many have changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

if TYPE_CHECKING:
    from .managers import CommentQuerySet

REASONS = {
    "all_held": gettext_noop("Every comment waits for a moderator."),
    "trap_filled": gettext_noop("A field that people cannot see was filled in."),
}


@dataclass(frozen=True)
class Signals:
    """What is known of a new comment when it arrives."""

    trap_filled: bool = False


@dataclass(frozen=True)
class Verdict:
    """The status of a new comment, and why: each reason is a `code` of REASONS with the details of its sentence."""

    status: str
    reasons: list[dict[str, Any]] = field(default_factory=list)


def decide(signals: Signals) -> Verdict:
    if signals.trap_filled:
        return Verdict("spam", [{"code": "trap_filled"}])
    return Verdict("pending", [{"code": "all_held"}])


def in_words(reasons: list[dict[str, Any]]) -> list[str]:
    """The reasons as sentences, in the language of whoever reads them."""
    return [_(REASONS[reason["code"]]) % reason for reason in reasons if reason["code"] in REASONS]


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
