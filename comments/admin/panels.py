"""What the desk's first page tells of the conversation."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts.admin.counting import count, in_digits
from posts.admin.desk import ROWS, Panel, Row, register

from ..models import Comment, Notice
from .queue import list_url


@register
def waiting(request: HttpRequest) -> Panel | None:
    """How many comments wait, the newest of them, what came today, and mail that did not arrive."""
    if not admin.site.get_model_admin(Comment).has_change_permission(request):
        return None
    comments = Comment.objects.pending()
    number = count(comments)
    none = _("No comment is waiting.")
    title = ngettext("%s comment waits", "%s comments wait", number) % in_digits(number) if number else _("Comments")
    rows = [
        Row(comment.author_name, list_url(f"post={comment.post_id}"), comment.post.title)
        for comment in comments.for_queue()[:ROWS]
    ]
    news = [*today(), *mail_given_up()]
    return Panel(title, none, list_url(), [*(rows or [Row(none, list_url())]), *news] if news else rows)


def today() -> list[Row]:
    """What came today, by what has become of it."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    numbers = Comment.objects.filter(created_at__gte=midnight).aggregate(
        approved=Count("pk", filter=Q(status=Comment.Status.APPROVED)),
        held=Count("pk", filter=Q(status=Comment.Status.PENDING)),
        spam=Count("pk", filter=Q(status=Comment.Status.SPAM)),
    )
    words = _("%(approved)d approved, %(held)d held, %(spam)d spam") % numbers
    return [Row(_("Today"), list_url("show=all"), words)] if any(numbers.values()) else []


def mail_given_up() -> list[Row]:
    number = count(Notice.objects.given_up())
    address = reverse("admin:comments_notice_changelist") + "?state=given_up"
    return [Row(_("Mail that did not arrive"), address, in_digits(number))] if number else []
