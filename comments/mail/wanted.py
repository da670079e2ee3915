"""Whether a notice is still worth sending, asked at the last moment: much may have changed since it was written."""

from __future__ import annotations

from collections.abc import Iterable

from posts.models import SiteSettings

from ..models import Comment, Notice
from .moderators import hears_of


def wanted(notices: Iterable[Notice], site: SiteSettings) -> list[Notice]:
    """Those of the notices that are true, and welcome, now."""
    return [notice for notice in notices if _is_wanted(notice, site)]


def _is_wanted(notice: Notice, site: SiteSettings) -> bool:
    match notice.kind:
        case Notice.Kind.HELD:
            return site.comment_mail_moderators and _waits_for_them(notice)
        case Notice.Kind.REPLY:
            parent = notice.comment.parent if notice.comment else None
            return parent is not None and parent.is_public and _is_ordered(notice) and _is_readable(notice.comment)
        case Notice.Kind.NEW:
            return _is_ordered(notice) and _is_readable(notice.comment)
        case Notice.Kind.CONFIRM:
            return _can_be_confirmed(notice)
    return True


def _waits_for_them(notice: Notice) -> bool:
    comment, user = notice.comment, notice.user
    if comment is None or user is None or comment.is_trashed or comment.status != Comment.Status.PENDING:
        return False
    return comment.post.is_readable and user.email.lower() == notice.email and hears_of(user, comment)


def _is_ordered(notice: Notice) -> bool:
    subscription = notice.subscription
    return subscription is not None and subscription.confirmed_at is not None and subscription.post.is_readable


def _is_readable(comment: Comment | None) -> bool:
    return comment is not None and comment.is_public and comment.post.is_readable


def _can_be_confirmed(notice: Notice) -> bool:
    subscription = notice.subscription
    if subscription is None or subscription.confirmed_at is not None or not subscription.post.is_readable:
        return False
    return notice.comment is None or notice.comment.is_public
