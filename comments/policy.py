"""Who may write below a post, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from posts.models import CommentPolicy, Post, SiteSettings


def policy_of(post: Post, site: SiteSettings) -> CommentPolicy:
    """What holds for a post now: its own policy; or else the site's, until comments close by time."""
    if post.comment_policy:
        return CommentPolicy(post.comment_policy)
    closing = closes_at(post, site)
    if closing is not None and closing <= timezone.now():
        return CommentPolicy.OFF
    return CommentPolicy(site.comment_policy)


def closes_at(post: Post, site: SiteSettings) -> datetime | None:
    """When time alone closes the comments on a post. One with a policy of its own stays as it is."""
    if post.comment_policy or not site.comment_close_days or post.publish_at is None:
        return None
    return post.publish_at + timedelta(days=site.comment_close_days)
