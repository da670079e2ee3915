"""Taking in a new comment: once, whatever the browser or the network did, and under the verdict of the moderation."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from .counts import lock_posts
from .models import Comment
from .moderation import Signals, decide

SENT_TWICE = timedelta(minutes=10)


def receive(comment: Comment, signals: Signals) -> Comment:
    """Store a new comment and return it; or, if the same one came a moment ago, return that.

    The post is locked meanwhile, so that of two equal requests the later one finds what the earlier has stored. The
    parent is locked before it, comments coming before posts everywhere (see `recount`).

    Raises Post.DoesNotExist if the post has been deleted for good while the reader wrote.
    """
    with transaction.atomic():
        if comment.parent_id:
            # Gone by now: the reader's words stay, as a comment of their own.
            comment.parent = Comment.all_objects.select_for_update(no_key=True).filter(pk=comment.parent_id).first()
        if not lock_posts([comment.post_id]):
            raise type(comment.post).DoesNotExist
        stored = sent_before(comment)
        if stored:
            return stored
        verdict = decide(signals)
        comment.status, comment.reasons = verdict.status, verdict.reasons
        comment.save()
        return comment


def sent_before(comment: Comment) -> Comment | None:
    """The same words from the same name in the same place a moment ago, whatever has become of them since."""
    comment.clean_text()
    return Comment.all_objects.filter(
        post=comment.post_id,
        created_at__gt=timezone.now() - SENT_TWICE,
        parent=comment.parent_id,
        author_name=comment.author_name,
        body=comment.body,
    ).first()
