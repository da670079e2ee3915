"""What time takes away: comments that have lain in the trash, network addresses, and notes of mail long sent.

Everything here works in batches, each complete in itself: it may be interrupted, and run again, at any moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from . import limits, privacy
from .counts import BATCH
from .mail.postman import NEWS
from .managers import CommentQuerySet
from .models import Comment, Notice, Report, Subscription

TRASH_LASTS = timedelta(days=30)
NOTICE_LASTS = NEWS + timedelta(days=1)
"""Longer than a comment is news, so that nobody is told of it twice."""
UNCONFIRMED_LASTS = NOTICE_LASTS
"""Later on nobody is asked to confirm a subscription any more."""
OWN_DATA_LASTS = timedelta(days=2)
"""The link in it lasts a day."""


def batches(rows: QuerySet[Any]) -> Iterator[list[int]]:
    """The ids of the rows, ascending, a batch at a time; each once, whatever becomes of the row."""
    last = 0
    while pks := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield pks
        last = pks[-1]


# --- The trash --------------------------------------------------------------------------------------------------------


def trashed(before: datetime) -> CommentQuerySet:
    """What is to go: comments in the trash since before a moment, but for places that are empty already."""
    return Comment.trash.filter(deleted_at__lt=before).exclude(stands=True, erased_at__isnull=False)


def empty_trash(before: datetime) -> Iterator[tuple[int, int]]:
    """Purge the comments; those with public replies below them are emptied and stay. How many of each, by batches."""
    return (_empty(trashed(before).filter(pk__in=pks)) for pks in batches(trashed(before)))


def _empty(comments: CommentQuerySet) -> tuple[int, int]:
    """In one transaction, in which nobody else restores them or answers."""
    with comments.in_order():
        emptied = privacy.scrub(comments.standing())
        return comments.filter(stands=False).purge()[1].get("comments.Comment", 0), emptied


# --- Addresses --------------------------------------------------------------------------------------------------------


def erase_addresses(before: datetime) -> Iterator[int]:
    """Erase where comments came from that were written before a moment; how many, by batches."""
    # Kept are both or neither; the index knows those with a hash.
    rows = Comment.all_objects.filter(created_at__lt=before).exclude(address_hash="").order_by()
    while pks := list(rows.values_list("pk", flat=True)[:BATCH]):
        yield Comment.all_objects.filter(pk__in=pks).update(address_hash="", address_range="")


def erase_reporters(before: datetime) -> int:
    """Forget who made the reports of before a moment; how many those are."""
    return Report.objects.filter(created_at__lt=before).erase_addresses()


def forget_attempts() -> int:
    """The counters of who wrote how often: their time is over after minutes."""
    return limits.tidy()


# --- Mail -------------------------------------------------------------------------------------------------------------


def forget_unconfirmed() -> int:
    rows = Subscription.objects.filter(confirmed_at=None, created_at__lt=timezone.now() - UNCONFIRMED_LASTS)
    return _delete(rows)


def forget_notices() -> int:
    now = timezone.now()
    old = Q(created_at__lt=now - NOTICE_LASTS)
    links = Q(kind=Notice.Kind.OWN_DATA, created_at__lt=now - OWN_DATA_LASTS)
    return _delete(Notice.objects.filter(old | links))


def _delete(rows: QuerySet[Any]) -> int:
    """Delete the rows; return how many they were, without what was deleted along with them."""
    label = rows.model._meta.label
    return sum(rows.model._default_manager.filter(pk__in=pks).delete()[1].get(label, 0) for pks in batches(rows))
