"""What a moderator can do with comments, in words and as buttons; what it means is written in `comments.verbs`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from .. import verbs
from ..managers import CommentQuerySet
from ..models import Comment


@dataclass(frozen=True)
class Verb:
    """One of `comments.verbs`, with its words, the permission it takes, and the key that presses its button."""

    act: Callable[[CommentQuerySet], int]
    label: str | Promise
    done: Callable[[int], str]
    permission: str = "change"
    key: str = ""

    @property
    def name(self) -> str:
        return self.act.__name__


APPROVE = Verb(
    verbs.approve,
    gettext_lazy("Approve"),
    lambda n: ngettext("%d comment approved.", "%d comments approved.", n) % n,
    key="a",
)
HOLD = Verb(
    verbs.hold,
    gettext_lazy("Hold"),
    lambda n: ngettext("%d comment waits again.", "%d comments wait again.", n) % n,
    key="h",
)
SPAM = Verb(
    verbs.mark_as_spam,
    gettext_lazy("Spam"),
    lambda n: ngettext("%d comment marked as spam.", "%d comments marked as spam.", n) % n,
    key="s",
)
TRASH = Verb(
    verbs.trash,
    gettext_lazy("Trash"),
    lambda n: ngettext("%d comment is in the trash.", "%d comments are in the trash.", n) % n,
    "delete",
    key="d",
)
RESTORE = Verb(
    verbs.restore,
    gettext_lazy("Restore"),
    lambda n: ngettext("%d comment is back.", "%d comments are back.", n) % n,
    "delete",
    key="a",
)
PURGE = Verb(
    verbs.purge,
    gettext_lazy("Delete for good …"),
    lambda n: ngettext("%d comment is gone.", "%d comments are gone.", n) % n,
    "purge",
)
ON_DESK = [APPROVE, HOLD, SPAM, TRASH]
IN_TRASH = [RESTORE, PURGE]
VERBS = {verb.name: verb for verb in (*ON_DESK, *IN_TRASH)}

# What is left to do with a comment by its status.
BY_STATUS = {
    Comment.Status.PENDING: [APPROVE, SPAM, TRASH],
    Comment.Status.APPROVED: [HOLD, SPAM, TRASH],
    Comment.Status.SPAM: [APPROVE, HOLD, TRASH],
}


def verbs_for(comment: Comment) -> list[Verb]:
    """The buttons of a comment. What its writer has erased is not brought back."""
    if comment.is_trashed:
        return [PURGE] if comment.erased_at else IN_TRASH
    return BY_STATUS[Comment.Status(comment.status)]
