"""Who wants mail, and what became of each message: to look at, and to send again what did not arrive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from posts.admin.lookups import SafeLookups
from posts.admin.states import moment_in_words
from posts.admin.tabs import TabFilter

from ..mail import postman
from ..models import Notice, Subscription


class MailList(SafeLookups):
    """A list whose rows nobody adds or changes."""

    list_display_links = None
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    empty_value_display = "–"

    class Media:
        css = {"all": ["css/admin-comments.css"]}

    @admin.display(description=gettext_lazy("since"), ordering="created_at")
    def since(self, row: Notice | Subscription) -> str:
        return moment_in_words(row.created_at)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subscription)
class SubscriptionAdmin(MailList):
    list_display = ["email", "wish", "since", "confirmed"]
    list_select_related = ["post", "comment"]
    search_fields = ["email", "post__title"]
    ordering = ["-created_at", "-pk"]

    @admin.display(description=gettext_lazy("wants to hear of"))
    def wish(self, subscription: Subscription) -> str:
        if subscription.comment:
            values = {"name": subscription.comment.author_name, "post": subscription.post.title}
            return _("replies to %(name)s on “%(post)s”") % values
        return _("all comments on “%(post)s”") % {"post": subscription.post.title}

    @admin.display(description=gettext_lazy("confirmed"), ordering="confirmed_at")
    def confirmed(self, subscription: Subscription) -> str | None:
        return moment_in_words(subscription.confirmed_at) if subscription.confirmed_at else None


class NoticeFilter(TabFilter):
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("due", _("To be sent")), ("sent", _("Sent")), ("given_up", _("Given up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        choices: dict[str | None, Callable[[], QuerySet]] = {
            "due": lambda: queryset.filter(sent_at=None, given_up_at=None),
            "sent": lambda: queryset.filter(sent_at__isnull=False),
            "given_up": queryset.given_up,
        }
        return choices.get(self.value(), queryset.all)()


@admin.register(Notice)
class NoticeAdmin(MailList):
    actions = ["try_again"]
    list_display = ["kind", "email", "about", "since", "state", "problem"]
    list_filter = [NoticeFilter]
    list_select_related = ["comment"]
    search_fields = ["email"]
    ordering = ["-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A notice has no permissions of its own: whoever sees subscriptions sees what was sent for them."""
        return request.user.has_perm("comments.view_subscription")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.change_subscription")

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, notices: QuerySet) -> None:
        number = postman.try_again(notices)
        text = ngettext("%d notice is tried again now.", "%d notices are tried again now.", number) % number
        self.message_user(request, text, messages.SUCCESS if number else messages.WARNING)

    @admin.display(description=gettext_lazy("comment by"))
    def about(self, notice: Notice) -> str:
        return notice.comment.author_name if notice.comment else "–"

    @admin.display(description=gettext_lazy("state"))
    def state(self, notice: Notice) -> str:
        if notice.sent_at:
            return _("Sent on %(moment)s") % {"moment": moment_in_words(notice.sent_at)}
        if notice.given_up_at:
            return _("Given up on %(moment)s") % {"moment": moment_in_words(notice.given_up_at)}
        return _("Due on %(moment)s") % {"moment": moment_in_words(notice.due_at)}
