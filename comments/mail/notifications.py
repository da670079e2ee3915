"""What somebody is to be told by mail, written down in the transaction of what it tells about.

Nothing is sent here: once the transaction has been committed, the postman delivers. A comment thus never waits for a
mail server, and no mail tells of what was rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from posts.models import SiteSettings

from ..counts import BATCH
from ..managers import CommentQuerySet
from ..models import Comment, Notice, Subscription
from . import postman
from .moderators import moderators, writers

# How many links one mailbox gets in a day, whoever asks: to confirm a subscription, before it has followed any, and to
# its own data. Each of those is good for a day.
UNCONFIRMED_A_DAY = 3
OWN_DATA_A_DAY = 3


def held(comments: Iterable[Comment]) -> None:
    """Tell moderators, and the authors of the posts, of comments that wait; but never the one who wrote the comment."""
    if not SiteSettings.load().comment_mail_moderators:
        return
    staff = moderators()
    for batch in _fresh(comments, Comment.objects.pending()):
        _write(
            Notice(kind=Notice.Kind.HELD, email=user.email.lower(), comment=comment, user=user)
            for comment in batch
            for user in {*staff, *writers(comment.post)}
            if user.pk != comment.user_id and user.email.lower() not in _own_addresses(comment)
        )


def published(comments: Iterable[Comment]) -> None:
    """Tell of comments that have become public: the author of the comment above, and the subscribers of the post.

    Those who asked for mail with one of these comments are now asked to confirm it.
    """
    for batch in _fresh(comments, Comment.objects.approved()):
        _write(_news(batch, Subscription.objects.all()))
        confirm(Subscription.objects.filter(Q(comment__in=batch) | Q(asked_with__in=batch)))


def missed(subscription: Subscription) -> None:
    """Tell of what has become public since a subscription was ordered, now that it is confirmed."""
    comments = Comment.objects.filter(post=subscription.post_id, created_at__gt=subscription.created_at)
    if subscription.comment_id:
        comments = comments.filter(parent=subscription.comment_id)
    for batch in _fresh(comments, Comment.objects.approved()):
        _write(_news(batch, Subscription.objects.filter(pk=subscription.pk)))


def confirm(subscriptions: QuerySet[Subscription]) -> None:
    """Ask the addresses of these subscriptions to confirm them, as far as they have not, and not too often."""
    for subscription in subscriptions.filter(confirmed_at=None).select_related("comment", "asked_with"):
        if _unanswered(subscription.email) < UNCONFIRMED_A_DAY:
            comment = subscription.comment or subscription.asked_with
            _write([_notice(Notice.Kind.CONFIRM, subscription, comment)])


def own_data(email: str, path: str) -> None:
    """Mail someone the way to what is stored of them, if not too often; `path` is that of a page of this site."""
    if _within_a_day(Notice.Kind.OWN_DATA, email.lower()).count() < OWN_DATA_A_DAY:
        _write([Notice(kind=Notice.Kind.OWN_DATA, email=email.lower(), path=path)])


def _fresh(comments: Iterable[Comment], among: CommentQuerySet) -> Iterator[list[Comment]]:
    """Those of the comments that are `among` these now, whatever the objects say, and new enough to be told of."""
    rows = among.filter(created_at__gt=timezone.now() - postman.NEWS).select_related(
        "post__author__user", "parent", "user"
    )
    rows = rows.prefetch_related("post__co_authors__user").defer("post__body", "post__body_html", "post__toc")
    for pks in batched((comment.pk for comment in comments), BATCH):
        if found := list(rows.filter(pk__in=pks)):
            yield found


def _news(comments: list[Comment], subscriptions: QuerySet[Subscription]) -> Iterator[Notice]:
    """A notice for each reader and comment that they have not been told of; as a reply, if it is one to them."""
    told = set(_of_conversation(comments).values_list("comment", "email"))
    confirmed = subscriptions.exclude(confirmed_at=None)
    to_replies = list(confirmed.filter(comment__in={comment.parent_id for comment in comments}))
    to_posts = list(confirmed.filter(comment=None, post__in={comment.post_id for comment in comments}))
    for comment in comments:
        replies = [(Notice.Kind.REPLY, wish) for wish in to_replies if wish.comment_id == comment.parent_id]
        news = [(Notice.Kind.NEW, wish) for wish in to_posts if wish.post_id == comment.post_id]
        known = {email for pk, email in told if pk == comment.pk} | _own_addresses(comment)
        for kind, subscription in [*replies, *news]:
            if subscription.email not in known:
                known.add(subscription.email)
                yield _notice(kind, subscription, comment)


def _notice(kind: Notice.Kind, subscription: Subscription, comment: Comment | None) -> Notice:
    return Notice(kind=kind, email=subscription.email, comment=comment, subscription=subscription)


def _of_conversation(comments: list[Comment]) -> QuerySet[Notice]:
    return Notice.objects.filter(comment__in=comments, kind__in=[Notice.Kind.REPLY, Notice.Kind.NEW])


def _own_addresses(comment: Comment) -> set[str]:
    """Where mail would reach the one who wrote the comment."""
    return {comment.email, comment.user.email.lower() if comment.user else ""}


def _unanswered(email: str) -> int:
    """How many links to confirm a subscription this address has got within a day without following them."""
    rows = _within_a_day(Notice.Kind.CONFIRM, email)
    return rows.exclude(subscription__confirmed_at__isnull=False).count()


def _within_a_day(kind: Notice.Kind, email: str) -> QuerySet[Notice]:
    """What of a kind a mailbox got within a day. Many providers deliver someone+anything@… to someone@…."""
    name, _at, host = email.rpartition("@")
    name = name.partition("+")[0]
    mailbox = Q(email=f"{name}@{host}") | Q(email__startswith=f"{name}+", email__endswith=f"@{host}")
    return Notice.objects.filter(mailbox, kind=kind, created_at__gt=timezone.now() - timedelta(days=1))


def _write(notices: Iterable[Notice]) -> None:
    """Store the notices; those that are there already stay as they are, sent or not."""
    if Notice.objects.bulk_create(notices, batch_size=BATCH, ignore_conflicts=True):
        # Whatever is wrong with the tasks, a timer delivers later; who sent a comment need not hear of it.
        transaction.on_commit(postman.deliver_due.enqueue, robust=True)
