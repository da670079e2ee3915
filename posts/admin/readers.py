"""How many read the feeds: an estimate, for editors."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..feeds.audiences import audiences
from ..feeds.programs import OTHER
from ..models import FeedReading
from .desk import ROWS, Panel, Row, register

OTHERS = gettext_lazy("Other programmes")


@admin.register(FeedReading)
class FeedReadingAdmin(admin.ModelAdmin):
    """One page, of this week; the rows of single days are nobody's business."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Readers of the feeds"),
            "opts": self.opts,
            "feeds": [(found, named(found.programs)) for found in audiences()],
        }
        return TemplateResponse(request, "admin/posts/readers.html", context)

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.changelist_view(request)


def named(programs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(str(OTHERS) if name == OTHER else name, readers) for name, readers in programs]


@register
def readers(request: HttpRequest) -> Panel | None:
    if not admin.site.get_model_admin(FeedReading).has_view_permission(request):
        return None
    address = reverse("admin:posts_feedreading_changelist")
    rows = [
        Row(found.feed, address, ngettext("about %d reader", "about %d readers", found.readers) % found.readers)
        for found in audiences(ROWS)
    ]
    return Panel(_("Who reads the feeds this week"), _("No feed reader has come by yet."), address, rows, waits=False)
