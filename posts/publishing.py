"""To publish and to take back: what a post needs for it, and what changes."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from .feeds import websub
from .models import Post
from .ways import related

CHANGED_FIELDS = ["status", "publish_at", "version", "updated_at"]


def check_ready(*, has_category: bool, unpublish_at: datetime | None = None) -> None:
    """Raise ValidationError, field by field, for all that a post still needs before readers may see it.

    A title is not among it: no post is ever without one.
    """
    missing = {}
    if not has_category:
        missing["categories"] = ValidationError(
            _("Choose at least one category before you publish the post."), "needs_category"
        )
    if unpublish_at and unpublish_at <= timezone.now():
        missing["unpublish_at"] = ValidationError(
            _("This time has passed. Choose a later one, or none, before you publish the post."), "expired"
        )
    if missing:
        raise ValidationError(missing)


def publish(post: Post) -> None:
    """Publish a saved post: now, or when its own time comes. Raises ValidationError when something is missing."""
    check_ready(has_category=post.categories.exists(), unpublish_at=post.unpublish_at)
    post.status = Post.Status.PUBLISHED
    post.publish_at = post.publish_at or timezone.now()
    _save(post)


def unpublish(post: Post) -> None:
    """Make a draft of a post again. It keeps its time, and with it its place should it be published again."""
    post.status = Post.Status.DRAFT
    _save(post)


def _save(post: Post) -> None:
    """Count the version up too: whoever has the post open must not undo this by saving."""
    post.version += 1
    post.save(update_fields=CHANGED_FIELDS)
    related.refresh_later([post])
    websub.changed(post)
