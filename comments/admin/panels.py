"""What the desk's first page tells of the conversation."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts.admin.desk import ROWS, Panel, Row, register

from ..models import Comment, Notice
from .filters import count, in_digits
from .queue import list_url


def moderates(request: HttpRequest) -> bool:
    return admin.site.get_model_admin(Comment).has_change_permission(request)


@register
def waiting(request: HttpRequest) -> Panel | None:
    """How many comments wait, and the newest of them."""
    if not moderates(request):
        return None
    comments = Comment.objects.pending()
    number = count(comments)
    title = ngettext("%s comment waits", "%s comments wait", number) % in_digits(number) if number else _("Comments")
    rows = [
        Row(comment.author_name, list_url(f"post={comment.post_id}"), comment.post.title)
        for comment in comments.for_queue()[:ROWS]
    ]
    return Panel(title, _("No comment is waiting."), list_url(), rows)


@register
def today(request: HttpRequest) -> Panel | None:
    """What came today, by what became of it; and mail that did not arrive."""
    if not moderates(request):
        return None
    rows = [*comments_today(), *mail_given_up()]
    return Panel(_("Comments today"), "", list_url("show=all"), rows) if rows else None


def comments_today() -> list[Row]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    numbers = Comment.objects.filter(created_at__gte=midnight).aggregate(
        approved=Count("pk", filter=Q(status=Comment.Status.APPROVED)),
        pending=Count("pk", filter=Q(status=Comment.Status.PENDING)),
        spam=Count("pk", filter=Q(status=Comment.Status.SPAM)),
    )
    words = [
        (_("Approved"), numbers["approved"], "show=approved"),
        (_("Held"), numbers["pending"], ""),
        (_("Spam"), numbers["spam"], "show=spam"),
    ]
    return [Row(name, list_url(query), str(number)) for name, number, query in words if number]


def mail_given_up() -> list[Row]:
    number = count(Notice.objects.given_up())
    address = reverse("admin:comments_notice_changelist") + "?state=given_up"
    return [Row(_("Mail that did not arrive"), address, in_digits(number))] if number else []
