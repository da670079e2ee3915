"""Readers say that a comment should not stand there, and enough of them have it looked at."""

from __future__ import annotations

from django.db import transaction

from posts.models import SiteSettings
from posts.visitors import Address, hashed

from . import limits
from .counts import lock_posts
from .mail import notifications
from .models import Comment, Report


def report(comment: Comment, address: Address | None, site: SiteSettings) -> None:
    """Count a report, once for each address, and hold the comment once there are as many as the site asks for.

    That is no decision of a moderator, so the spam filter learns nothing of it. Raises limits.TooMany.
    """
    with transaction.atomic():
        limits.count(limits.by_address("report", address, limits.REPORTS))
        lock_posts([comment.post_id])
        Report.objects.bulk_create([Report(comment=comment, address_hash=hashed(address))], ignore_conflicts=True)
        number = Report.objects.open().filter(comment=comment).count()
        if 0 < site.comment_reports_to_hold <= number:
            _hold(comment, number)


def _hold(comment: Comment, number: int) -> None:
    reasons = [reason for reason in comment.reasons if reason["code"] != "reported"]
    reasons.insert(0, {"code": "reported", "number": number})
    public = Comment.objects.approved().filter(pk=comment.pk)
    if public.update(status=Comment.Status.PENDING, reasons=reasons):
        notifications.held([comment])
