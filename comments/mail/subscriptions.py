"""Mail about a conversation, for whoever wants it: ordered, confirmed, and ended by one click.

An address is written to only after it has confirmed, by a link mailed to it, that it wants to be (double opt-in). With
a comment's form one can order mail for any address; so that spam cannot make us write to strangers, even that link is
mailed only once a comment of theirs is public.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from posts.models import Post

from ..models import Comment, Subscription
from . import notifications

REPLIES = "replies"
ALL = "all"


def ask(comment: Comment, wish: str) -> None:
    """Take down what mail the writer of a new comment wants: "replies" to it, "all" on the post, or none ("").

    Called in the transaction that stores the comment.
    """
    if not comment.email or wish not in {REPLIES, ALL}:
        return
    subject = comment if wish == REPLIES else None
    subscription, is_new = Subscription.objects.get_or_create(
        post_id=comment.post_id, comment=subject, email=comment.email, defaults={"asked_with": comment}
    )
    if not is_new and subscription.confirmed_at is None:
        # What they asked with before may never become public.
        Subscription.objects.filter(pk=subscription.pk).update(asked_with=comment)
    if comment.is_public:
        notifications.confirm(Subscription.objects.filter(pk=subscription.pk))


def follow(post: Post, email: str) -> None:
    """Order mail about a post without a comment on it. Who follows it already gets no second link."""
    with transaction.atomic():
        subscription, _is_new = Subscription.objects.get_or_create(post=post, comment=None, email=email.lower())
        notifications.confirm(Subscription.objects.filter(pk=subscription.pk))


@transaction.atomic
def confirm(subscription: Subscription) -> None:
    """Begin to send mail for it; first about what was answered in the meantime, by the moderator perhaps."""
    if subscription.confirmed_at is None:
        subscription.confirmed_at = timezone.now()
        subscription.save(update_fields=["confirmed_at"])
        notifications.missed(subscription)


def end(token: str) -> None:
    """Forget the subscription; what had not been sent for it will not be."""
    Subscription.objects.filter(token=token).delete()
