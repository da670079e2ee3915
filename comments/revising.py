"""A writer's second thoughts: a comment is changed, and moderated again."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from posts.models import SiteSettings

from . import verbs
from .counts import lock_posts
from .evidence import Visit, gather
from .mail import notifications
from .models import Comment
from .moderation import Reason, decide
from .policy import policy_of

FROM_KIND_TO_STRICT = ["approved", "pending", "spam"]


def revise(comment: Comment, visit: Visit, site: SiteSettings) -> None:
    """Store the new body of a comment. No verdict gets kinder by that: what waits goes on waiting.

    Raises Comment.DoesNotExist if it has been thrown away meanwhile.
    """
    with transaction.atomic():
        lock_posts([comment.post_id])
        stored = Comment.objects.get(pk=comment.pk)
        if stored.body == comment.body:
            return
        verdict = decide(gather(comment, visit, site, policy_of(comment.post, site)))
        comment.status = max(stored.status, verdict.status, key=FROM_KIND_TO_STRICT.index)
        new = verdict.reasons if comment.status == verdict.status else []
        old = stored.reasons if comment.status == stored.status else []
        comment.reasons = _once_each([*new, *old])
        comment.edited_at = timezone.now()
        verbs.rewrite(comment, {"body", "status", "reasons", "edited_at"})
        if comment.status == Comment.Status.PENDING and stored.status != comment.status:
            notifications.held([comment])


def _once_each(reasons: list[Reason]) -> list[Reason]:
    """The first reason of each code."""
    return list({reason["code"]: reason for reason in reversed(reasons)}.values())[::-1]
