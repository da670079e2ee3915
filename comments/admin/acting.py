"""Doing what a button says: in one transaction with its entry in the log, and with the way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.db import transaction
from django.db.models import Model

from ..managers import CommentQuerySet
from ..models import Comment
from .steps import Step, states_of, steps_between
from .verb import PURGE, Verb

# What one press of a button changes at most; the locks, the log and the way back are kept that short.
AT_ONCE = 1000


def first_of(comments: CommentQuerySet) -> CommentQuerySet:
    """As many of them as may be changed at once, by their ids."""
    return Comment.all_objects.filter(pk__in=list(comments.values_list("pk", flat=True)[:AT_ONCE]))


def act(verb: Verb, comments: CommentQuerySet, user: Any) -> tuple[int, list[Step]]:
    """Return how many comments changed, and the steps that lead back."""
    with transaction.atomic(), comments.in_order():
        rows = list(comments)
        before = states_of(comments)
        number = verb.act(comments)
        after = states_of(Comment.all_objects.filter(pk__in=list(before)))
        changed = [row for row in rows if after.get(row.pk) != before[row.pk]]
        log(user, changed, str(verb.label), DELETION if verb is PURGE else CHANGE)
    return number, steps_between(before, after)


def log(user: Any, rows: Iterable[Model], message: str, flag: int = CHANGE) -> None:
    LogEntry.objects.log_actions(user_id=user.pk, queryset=list(rows), action_flag=flag, change_message=message)
