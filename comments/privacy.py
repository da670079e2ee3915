"""What is stored of someone who writes comments, for them to see, to take along and to have erased.

They are known by one e-mail address, in lower case, exactly: whoever can read mail sent there. What they wrote with an
account counts as theirs too if the comment has no address of its own and the account has theirs.

A ban of the address stays when all else is erased: it is what keeps them out, and says nothing but that.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from . import spam_filter
from .counts import BATCH
from .managers import CommentQuerySet
from .models import Ban, Comment, Notice, Report, Subscription
from .models.ban import normalised


@dataclass(frozen=True)
class Numbers:
    """How many rows of each kind are stored of someone, or were erased."""

    comments: int = 0
    subscriptions: int = 0
    notices: int = 0
    bans: int = 0

    @property
    def is_nothing(self) -> bool:
        return not (self.comments or self.subscriptions or self.notices or self.bans)


def comments_of(email: str) -> CommentQuerySet:
    """All that someone wrote, in any state and in the trash too."""
    users = get_user_model().objects.filter(email__iexact=email)
    return Comment.all_objects.filter(Q(email=email) | Q(email="", user__in=users))


def stored(email: str) -> Numbers:
    return Numbers(
        comments=comments_of(email).count(),
        subscriptions=Subscription.objects.filter(email=email).count(),
        notices=Notice.objects.filter(email=email).count(),
        bans=_bans_of(email).count(),
    )


def export(email: str) -> dict[str, Any]:
    """Everything stored of someone, field by field; `address` is the comment's path, where anyone may read the post."""
    comments = comments_of(email).select_related("post").defer("post__body", "post__body_html", "post__toc")
    return {
        "email": email,
        "exported_at": timezone.now(),
        "comments": [_fields(comment) | _told_of(comment) for comment in comments.order_by("pk")],
        "subscriptions": _rows(Subscription.objects.filter(email=email)),
        "notices": _rows(Notice.objects.filter(email=email)),
        "bans": list(_bans_of(email).values("kind", "value", "created_at")),
    }


def _told_of(comment: Comment) -> dict[str, Any]:
    """Its address, where anyone may read the post, and the reasons of its verdict, but no words of our lists.

    Whoever knew those could write around them.
    """
    return {
        "address": comment.get_absolute_url() if comment.post.is_readable else None,
        "reasons": [reason["code"] for reason in comment.reasons],
    }


def erase(email: str) -> Numbers:
    """Erase everything of someone, in one transaction, and let the filter forget it.

    A comment with public replies of others below it keeps its place, empty and in the trash.
    """
    with transaction.atomic():
        with comments_of(email).in_order() as theirs:
            for pks in batched(theirs, BATCH):
                spam_filter.learn(_among(pks), "")
                _among(pks).delete()
        # Their own replies lie in the trash by now: what still stands does so for others.
        for pks in batched(theirs, BATCH):
            _forget_in_log(pks)
            scrub(_among(pks).standing())
            _among(pks).filter(stands=False).purge()
        return Numbers(
            comments=len(theirs),
            subscriptions=Subscription.objects.filter(email=email).delete()[0],
            notices=Notice.objects.filter(email=email).delete()[0],
        )


def scrub(comments: CommentQuerySet) -> int:
    """Empty comments of all that tells of their writers and of their words, for good; return how many.

    They stay, for the replies below them. The filter keeps what it knows of them, but not from whom.
    """
    now = timezone.now()
    pks = list(comments.order_by().values_list("pk", flat=True))
    for related in (Report, Notice, Subscription):
        related._default_manager.filter(comment__in=pks).delete()
    return _among(pks).update(
        author_name=_("Erased"),
        email="",
        website="",
        user=None,
        body=_("Erased."),
        body_html="",
        reasons=[],
        address_hash="",
        address_range="",
        learnt_as="",
        edited_at=None,
        erased_at=now,
        updated_at=now,
    )


def _among(pks: Any) -> CommentQuerySet:
    return Comment.all_objects.filter(pk__in=pks)


def _forget_in_log(pks: Any) -> None:
    """The log of the admin names what was done to a comment by its writer and its first words."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Comment), object_id__in=[str(pk) for pk in pks]
    )
    entries.update(object_repr=_("Erased"))


def _bans_of(email: str) -> QuerySet[Ban]:
    return Ban.objects.filter(kind=Ban.Kind.EMAIL, value=normalised(Ban.Kind.EMAIL, email))


def _rows(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    return [_fields(row) for row in rows.order_by("pk")]


def _fields(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
