"""Keeping `Post.comment_count` equal to the approved comments that are not in the trash."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from posts.models import Post

if TYPE_CHECKING:
    from .managers import CommentQuerySet

# Well below the number of parameters that SQLite takes in one statement.
BATCH = 500


def recount(comments: CommentQuerySet, post_ids: Iterable[int | None]) -> None:
    """Count anew the comments of these posts, out of `comments`, which holds those of all posts.

    Callers hold the rows of the comments that they change; posts are locked after them, and in the order of their ids.
    Everyone keeping to that order, the cascade of a purged post included, none waits for another in a circle.

    The lock is a statement of its own: in READ COMMITTED an UPDATE that has waited for a row still counts with the
    snapshot from before the wait, and would miss what the other transaction has just committed.
    """
    with transaction.atomic():
        for ids in batched(sorted({pk for pk in post_ids if pk is not None}), BATCH):
            # QuerySet.update(): neither `version` nor `updated_at` of a post changes because someone commented on it.
            posts = Post.all_objects.filter(pk__in=lock_posts(ids))
            posts.update(comment_count=Coalesce(Subquery(_number(comments)), 0))


def lock_posts(ids: Iterable[int]) -> list[int]:
    """Keep these posts for this transaction, trashed ones too; return the ids that exist."""
    rows = Post.all_objects.filter(pk__in=list(ids)).order_by("pk").select_for_update(no_key=True)
    return list(rows.values_list("pk", flat=True))


def _number(comments: CommentQuerySet) -> QuerySet:
    rows = comments.counted().filter(post=OuterRef("pk")).order_by()
    return rows.values("post").annotate(number=Count("pk")).values("number")
