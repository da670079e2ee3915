"""The button that takes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Comment
from .acting import log
from .queue import list_url
from .steps import Step, read, take_back

if TYPE_CHECKING:
    from .comment import CommentAdmin


def undo_view(desk: CommentAdmin, request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        steps = read(request.POST.get("steps", ""), request.user)
    except signing.BadSignature:
        desk.message_user(request, _("This cannot be taken back any more."), messages.WARNING)
    else:
        if not may_take_back(desk, request, steps):
            raise PermissionDenied
        say(desk, request, *take_back_and_log(request, steps))
    return HttpResponseRedirect(list_url(request.POST.get("back", "")))


def may_take_back(desk: CommentAdmin, request: HttpRequest, steps: list[Step]) -> bool:
    moves_trash = any(step.before.is_trashed != step.after.is_trashed for step in steps)
    sets_status = any(step.before.status != step.after.status for step in steps)
    return (not moves_trash or desk.has_delete_permission(request)) and (
        not sets_status or desk.has_change_permission(request)
    )


def take_back_and_log(request: HttpRequest, steps: list[Step]) -> tuple[int, int]:
    """How many comments are back where they were, and how many are not."""
    returned = take_back(steps)
    log(request.user, Comment.all_objects.filter(pk__in=list(returned)), _("Undone."))
    return len(returned), sum(len(step.pks) for step in steps) - len(returned)


def say(desk: CommentAdmin, request: HttpRequest, done: int, moved_on: int) -> None:
    if done:
        text = ngettext("%d comment is as it was before.", "%d comments are as they were before.", done)
        desk.message_user(request, text % done, messages.SUCCESS)
    if moved_on:
        text = ngettext(
            "%d comment has been changed since, and stays as it is.",
            "%d comments have been changed since, and stay as they are.",
            moved_on,
        )
        desk.message_user(request, text % moved_on, messages.WARNING)
