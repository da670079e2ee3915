"""Keeping `Post.comment_count` equal to the approved comments that are not in the trash, and the lock for that."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from posts.models import Post

if TYPE_CHECKING:
    from .managers import CommentQuerySet

# Well below the number of parameters that SQLite takes in one statement.
BATCH = 500


def recount(comments: CommentQuerySet, posts: Iterable[int]) -> None:
    """Count anew the comments of these posts, out of `comments`, which holds those of all posts.

    The caller keeps the posts by `lock_posts()` since before it changed a comment.
    """
    for ids in batched(posts, BATCH):
        # QuerySet.update(): neither `version` nor `updated_at` of a post changes because someone commented on it.
        Post.all_objects.filter(pk__in=ids).update(comment_count=Coalesce(Subquery(_number(comments)), 0))


def lock_posts(ids: Iterable[int | None]) -> set[int]:
    """Keep these posts for this transaction, trashed ones too; return the ids that exist.

    Whatever changes comments begins with this; `PostQuerySet.purge` locks in the same order. As the posts are taken in
    the order of their ids, and before anything else, no two changes wait for each other in a circle; and what is read
    under the lock, in a statement of its own, is what all others have committed.
    """
    found: set[int] = set()
    for batch in batched(sorted({pk for pk in ids if pk is not None}), BATCH):
        rows = Post.all_objects.filter(pk__in=batch).order_by("pk").select_for_update(no_key=True)
        found.update(rows.values_list("pk", flat=True))
    return found


def _number(comments: CommentQuerySet) -> QuerySet:
    rows = comments.counted().filter(post=OuterRef("pk")).order_by()
    return rows.values("post").annotate(number=Count("pk")).values("number")
