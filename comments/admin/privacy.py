"""What is stored about readers, why, and for how long: true figures, as many queries whatever is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .comment import CommentAdmin


def report_view(desk: CommentAdmin, request: HttpRequest) -> HttpResponse:
    if not desk.has_change_permission(request):
        raise PermissionDenied
    context = desk.question(request, _("What is stored about readers"))
    return TemplateResponse(request, "admin/comments/comment/privacy_report.html", context)
