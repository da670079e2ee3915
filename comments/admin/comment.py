"""One comment on the desk: its form, and the addresses of all that is done with it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from posts.admin.lookups import is_id

from .. import verbs
from ..models import Comment
from . import banning, privacy, replies, undo
from .queue import Queue, list_url
from .verb import TRASH


@admin.register(Comment)
class CommentAdmin(Queue):
    fields = ["context", "author_name", "email", "website", "body", "status", "why", "created_at"]
    readonly_fields = ["context", "why", "created_at"]
    delete_confirmation_template = "admin/comments/comment/trash_confirmation.html"

    def get_urls(self) -> list[URLPattern]:
        def here(address: str, view: Any, name: str) -> URLPattern:
            return path(address, self.admin_site.admin_view(partial(view, self)), name=f"comments_{name}")

        return [
            here("undo/", undo.undo_view, "comment_undo"),
            here("privacy/", privacy.report_view, "privacy_report"),
            here("<str:pk>/reply/", replies.reply_view, "comment_reply"),
            here("<str:pk>/ban/", banning.ban_view, "comment_ban"),
            *super().get_urls(),
        ]

    def comment_or_404(self, request: HttpRequest, pk: str) -> Comment:
        comment = self.get_queryset(request).filter(pk=pk).first() if is_id(pk) else None
        if comment is None:
            raise Http404
        return comment

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments are written below posts."""
        return False

    # --- The form ----------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("place"))
    def context(self, comment: Comment) -> str:
        return render_to_string("admin/comments/comment/_context.html", {"comment": comment})

    @admin.display(description=gettext_lazy("reasons"))
    def why(self, comment: Comment) -> str:
        return " ".join(comment.reasons_in_words) or "–"

    def view_on_site(self, obj: Comment) -> str | None:
        return obj.get_absolute_url() if Comment.objects.public().filter(pk=obj.pk).exists() else None

    def save_model(self, request: HttpRequest, obj: Comment, form: Any, change: bool) -> None:
        """Text by itself; a status, as everywhere, by its verb, which tells who waits for it and teaches the filter."""
        status = obj.status
        with transaction.atomic():
            obj.status = form.initial["status"]
            if fields := set(form.changed_data) - {"status"}:
                verbs.rewrite(obj, fields)
            if status != obj.status:
                verbs.set_status(Comment.objects.filter(pk=obj.pk), status)

    # --- Django's own delete button ----------------------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        context = {
            "title": _("Move to the trash?"),
            "subtitle": None,
            "list_url": list_url(),
            "list_name": _("Comments"),
        }
        return super().delete_view(request, object_id, context | (extra_context or {}))

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        self.message_user(request, TRASH.done(1), messages.SUCCESS)
        return HttpResponseRedirect(list_url())
