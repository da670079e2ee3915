"""Taking in a comment: once, whatever the browser or the network did, and under the verdict of the moderation."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from posts.models import CommentPolicy, Post, SiteSettings
from posts.visitors import hashed, network

from . import limits
from .counts import lock_posts
from .evidence import Visit, gather
from .mail import notifications, subscriptions
from .managers import CommentQuerySet
from .members import is_moderator
from .models import Comment
from .moderation import decide
from .policy import policy_of

SENT_TWICE = timedelta(minutes=10)
SENT_AGAIN = timedelta(days=7)
PRESSED_TWICE = timedelta(minutes=1)


class Refused(Exception):
    """The comment is not taken in; its words stay with whoever wrote them."""


class Closed(Refused):
    """Nobody may write below this post any more."""


class MembersOnly(Refused):
    """Only who is signed in may write below this post."""


class ParentGone(Refused):
    """What the comment answers is not public any more."""


def receive(comment: Comment, visit: Visit, site: SiteSettings, wish: str = "") -> Comment:
    """Store a new comment and return it; or, if the same one has come before, return that.

    The post is kept meanwhile, so that of two equal requests the later one finds what the earlier has stored, and
    nothing is stored on what was closed, hidden or deleted while the reader wrote. `wish` is what mail the writer
    wants, as in `subscriptions.ask`.

    Raises Post.DoesNotExist if the post cannot be read any more, Refused, or limits.TooMany.
    """
    with transaction.atomic():
        comment.address_hash, comment.address_range = hashed(visit.address), network(visit.address)
        lock_posts([comment.post_id])
        post = Post.published.readable().get(pk=comment.post_id)
        if stored := sent_before(comment):
            return stored
        policy = _admitting(comment, post, visit, site)
        limits.count(_limits(comment, visit, site))
        verdict = decide(gather(comment, visit, site, policy))
        comment.status, comment.reasons = verdict.status, verdict.reasons
        comment.save()
        _tell(comment)
        subscriptions.ask(comment, wish)
        return comment


def sent_before(comment: Comment, among: CommentQuerySet | None = None) -> Comment | None:
    """The same words from the same person in the same place, whatever a moderator has made of them since.

    A moment ago the same name is enough; then, for as long as a form may stay open, an address or an account must say
    that it is the same person.
    """
    comment.clean_text()
    now = timezone.now()
    same_person = Q(created_at__gt=now - SENT_TWICE)
    for field in ("email", "address_hash", "user"):
        if value := getattr(comment, field):
            same_person |= Q(**{field: value})
    copies = (Comment.all_objects.all() if among is None else among).filter(
        same_person,
        post=comment.post_id,
        created_at__gt=now - SENT_AGAIN,
        parent=comment.parent_id,
        author_name=comment.author_name,
        email=comment.email,
        body=comment.body,
    )
    return next((copy for copy in copies if not copy.is_taken_back), None)


def may_vouch(stored: Comment, sent: Comment) -> bool:
    """Whether who has sent `sent` may change `stored`, which `receive` has returned for it.

    The answer to a first press is lost when a browser sends a form twice, so the second one vouches as well. But to
    repeat the words of another makes nobody their writer.
    """
    pressed_twice = stored.created_at > timezone.now() - PRESSED_TWICE
    return stored is sent or (pressed_twice and stored.address_hash == sent.address_hash != "")


def _admitting(comment: Comment, post: Post, visit: Visit, site: SiteSettings) -> CommentPolicy:
    """The policy under which the comment may be written now. Raises Refused if there is none."""
    policy = policy_of(post, site)
    if policy == CommentPolicy.OFF:
        raise Closed
    if policy == CommentPolicy.MEMBERS and not visit.user:
        raise MembersOnly
    if comment.parent_id:
        # Read under the lock: what it answers, and the conversation that is a part of.
        parent = Comment.objects.approved().filter(post=post, pk=comment.parent_id).first()
        if not parent:
            raise ParentGone
        comment.parent = parent
    return policy


def _limits(comment: Comment, visit: Visit, site: SiteSettings) -> dict[str, int]:
    if is_moderator(visit.user):
        return {}
    return {
        **limits.by_address("comment", visit.address, site.comment_rate_per_address),
        f"post:{comment.post_id}": site.comment_rate_per_post,
    }


def _tell(comment: Comment) -> None:
    if comment.status == Comment.Status.PENDING:
        notifications.held([comment])
    elif comment.status == Comment.Status.APPROVED:
        notifications.published([comment])
