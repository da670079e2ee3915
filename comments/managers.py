"""Which comments there are for whom, and the promise that every change of them is counted and finds its place.

`save()`, `update()`, `delete()` (trash), `purge()`, `bulk_create()` and `bulk_update()` all begin with `lock_posts()`
and end in `settle()` and `recount()`, in the transaction of the change itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import batched
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef

from posts.managers import LiveOnly, TrashedOnly, TrashQuerySet
from posts.models import Post

from .counts import BATCH, lock_posts, recount
from .places import neighbours, settle

if TYPE_CHECKING:
    from .models import Comment  # noqa: F401 -- named in a string

DECISIVE_FIELDS = {"status", "deleted_at", "post", "post_id", "parent", "parent_id"}


class CommentQuerySet(TrashQuerySet["Comment"]):
    def pending(self) -> Self:
        return self.live().filter(status="pending")

    def approved(self) -> Self:
        return self.live().filter(status="approved")

    def spam(self) -> Self:
        return self.live().filter(status="spam")

    def counted(self) -> Self:
        """What `Post.comment_count` counts, whether or not the post itself may be read."""
        return self.approved()

    def public(self) -> Self:
        """What anyone may read: approved comments on posts that anyone may read."""
        # Asked of each comment's own post: SQLite would first list all posts for an IN.
        return self.approved().filter(Exists(Post.published.readable().filter(pk=OuterRef("post"))))

    def listed(self) -> Self:
        """What anyone may come across: approved comments on posts that lists show."""
        return self.approved().filter(Exists(Post.published.listed().filter(pk=OuterRef("post"))))

    def standing(self) -> Self:
        """What a discussion shows a place for: public comments, and others that a public reply hangs below."""
        return self.filter(stands=True)

    def for_feed(self) -> Self:
        """With all that an item of a feed shows, the newest first."""
        return (
            self.select_related("post")
            .defer("body", "email", "reasons", "post__body", "post__body_html", "post__toc")
            .order_by(F("created_at").desc(), F("pk").desc())
        )

    def for_queue(self) -> Self:
        """With all that a moderator sees of a comment, the newest first."""
        return (
            self.select_related("post", "parent")
            .defer("parent__body", "post__body", "post__body_html", "post__toc")
            .order_by(F("created_at").desc(), F("pk").desc())
        )

    def update(self, **values: Any) -> int:
        if not values.keys() & DECISIVE_FIELDS:
            return super().update(**values)
        return sum(self._change(lambda comments: TrashQuerySet.update(comments, **values), _destination(values)))

    update.alters_data = True  # type: ignore[attr-defined]  # Django's mark against calls from templates

    def purge(self) -> tuple[int, dict[str, int]]:
        """Delete the comments for good. Replies to them stay, as comments of their own."""
        results = self._change(TrashQuerySet.purge)
        numbers = sum((Counter(by_model) for _total, by_model in results), Counter())
        return sum(total for total, _by_model in results), dict(numbers)

    purge.alters_data = True  # type: ignore[attr-defined]  # as above
    purge.queryset_only = True  # type: ignore[attr-defined]  # as above

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        comments = list(objs)
        for comment in comments:
            comment.prepare()
        with transaction.atomic():
            posts = lock_posts(comment.post_id for comment in comments)
            created = super().bulk_create(comments, *args, **kwargs)
            everything: CommentQuerySet = CommentQuerySet(self.model)
            settle(everything, [comment.pk for comment in created])
            recount(everything, posts)
        return created

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        """Django's own, which ends in `update()` above; a changed body is rendered."""
        comments, names = list(objs), set(fields)
        if "body" in names:
            names.add("body_html")
            for comment in comments:
                comment.prepare()
        if not names & DECISIVE_FIELDS:
            return super().bulk_update(comments, sorted(names), *args, **kwargs)
        changed = self.filter(pk__in=[comment.pk for comment in comments])
        with changed.in_order({comment.post_id for comment in comments}):
            return super().bulk_update(comments, sorted(names), *args, **kwargs)

    @contextmanager
    def in_order(self, destinations: Iterable[int] = ()) -> Iterator[list[int]]:
        """Keep the posts of these comments, and those that they move to, meanwhile; then put places and counts right.

        Gives the ids of the comments that are there. Only those may be changed: one that begins to match in the
        meantime may stand below a post that is not kept.
        """
        everything: CommentQuerySet = CommentQuerySet(self.model)
        here = self.order_by()
        with transaction.atomic():
            posts = lock_posts({*here.values_list("post_id", flat=True), *destinations})
            kept = [pk for pk, post in here.values_list("pk", "post_id") if post in posts]
            concerned = neighbours(everything, kept)
            yield kept
            settle(everything, concerned)
            recount(everything, posts)

    def _change[T](self, change: Callable[[Self], T], destinations: Iterable[int] = ()) -> list[T]:
        """Make a change to these comments, a batch at a time; return what it returns each time."""
        with self.in_order(destinations) as kept:
            return [change(self.filter(pk__in=pks)) for pks in batched(kept, BATCH)]


def _destination(values: dict[str, Any]) -> list[int]:
    """The post that an update moves comments to. `bulk_update()` has named its own before it writes an expression."""
    post = values.get("post", values.get("post_id"))
    if isinstance(post, Post):
        return [post.pk]
    return [post] if isinstance(post, int) else []


_CommentBase = models.Manager.from_queryset(CommentQuerySet)


class CommentManager(LiveOnly, _CommentBase):
    pass


class TrashedCommentManager(TrashedOnly, _CommentBase):
    pass


class AllCommentManager(_CommentBase):
    pass
