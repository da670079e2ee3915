"""The moderator's desk: what waits comes first, in full and in its context, with a button for each verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from posts.admin.desk import ROWS, Panel, Row, register
from posts.admin.lookups import SafeLookups, is_id
from posts.admin.tabs import TabFilter
from posts.models import Post

from . import verbs
from .managers import CommentQuerySet
from .models import Comment

CSRF_FIELD = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Verb:
    """Something a moderator does to comments: one of `verbs`, with its words and the permission it takes."""

    act: Callable[[CommentQuerySet], int]
    label: Promise
    done: Callable[[int], str]
    permission: str = "change"

    @property
    def name(self) -> str:
        return self.act.__name__


APPROVE = Verb(
    verbs.approve,
    gettext_lazy("Approve"),
    lambda n: ngettext("%d comment approved.", "%d comments approved.", n) % n,
)
HOLD = Verb(
    verbs.hold,
    gettext_lazy("Hold"),
    lambda n: ngettext("%d comment waits again.", "%d comments wait again.", n) % n,
)
SPAM = Verb(
    verbs.mark_as_spam,
    gettext_lazy("Spam"),
    lambda n: ngettext("%d comment marked as spam.", "%d comments marked as spam.", n) % n,
)
TRASH = Verb(
    verbs.trash,
    gettext_lazy("Move to the trash"),
    lambda n: ngettext("%d comment is in the trash.", "%d comments are in the trash.", n) % n,
    "delete",
)
RESTORE = Verb(
    verbs.restore,
    gettext_lazy("Restore"),
    lambda n: ngettext("%d comment is back.", "%d comments are back.", n) % n,
    "delete",
)
PURGE = Verb(
    verbs.purge,
    gettext_lazy("Delete for good …"),
    lambda n: ngettext("%d comment is gone.", "%d comments are gone.", n) % n,
    "purge",
)
VERBS_ON_DESK = [APPROVE, HOLD, SPAM, TRASH]
VERBS_IN_TRASH = [RESTORE, PURGE]
VERBS = {verb.name: verb for verb in (*VERBS_ON_DESK, *VERBS_IN_TRASH)}

# What is left to do with a comment by its status.
VERBS_BY_STATUS = {
    Comment.Status.PENDING: [APPROVE, SPAM, TRASH],
    Comment.Status.APPROVED: [HOLD, SPAM, TRASH],
    Comment.Status.SPAM: [APPROVE, HOLD, TRASH],
}


def as_action(verb: Verb) -> Callable:
    """The verb as Django's action on the comments that are ticked."""

    def act(desk: CommentAdmin, request: HttpRequest, comments: CommentQuerySet) -> HttpResponse | None:
        return desk.perform(request, verb, comments)

    act.__name__ = verb.name
    return admin.action(act, permissions=[verb.permission], description=verb.label)


class QueueFilter(TabFilter):
    """Which comments the list shows. Without a choice: those that wait."""

    without_choice = Comment.Status.PENDING.label
    parameter_name = "show"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("approved", Comment.Status.APPROVED.label),
            ("spam", Comment.Status.SPAM.label),
            ("all", _("All")),
            ("trash", _("Trash")),
        ]

    def queryset(self, request: HttpRequest, queryset: CommentQuerySet) -> CommentQuerySet:
        choices: dict[str | None, Callable[[], CommentQuerySet]] = {
            "approved": queryset.approved,
            "spam": queryset.spam,
            "all": queryset.live,
            "trash": queryset.trashed,
        }
        return choices.get(self.value(), queryset.pending)()


class PostFilter(admin.SimpleListFilter):
    """The comments on one post: each comment in the list links there."""

    title = gettext_lazy("post")
    parameter_name = "post"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = self.used_parameters.get(self.parameter_name, "")
        posts = Post.all_objects.filter(pk=value, comments__isnull=False) if is_id(value) else Post.all_objects.none()
        return [(str(pk), title) for pk, title in posts.values_list("pk", "title").distinct()]

    @property
    def subject(self) -> str:
        """What the template says beside the search."""
        return self.lookup_choices[0][1] if self.lookup_choices else ""

    def queryset(self, request: HttpRequest, queryset: CommentQuerySet) -> CommentQuerySet:
        return queryset.filter(post=self.lookup_choices[0][0]) if self.lookup_choices else queryset


@admin.register(Comment)
class CommentAdmin(SafeLookups):
    actions = [as_action(verb) for verb in VERBS.values()]
    list_display = ["in_full"]
    list_display_links = None
    list_filter = [QueueFilter, PostFilter]
    list_per_page = 50
    ordering = ["-created_at", "-pk"]
    search_fields = ["author_name", "email", "body", "post__title"]
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    fields = ["context", "author_name", "email", "website", "body", "status", "why", "created_at"]
    readonly_fields = ["context", "why", "created_at"]
    delete_confirmation_template = "admin/comments/comment/trash_confirmation.html"

    class Media:
        css = {"all": ["css/admin-comments.css"]}

    # --- The list ----------------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> CommentQuerySet:
        return Comment.all_objects.for_queue()

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        if not changelist.query:
            # What waits is the list itself, not the result of a search with more behind it.
            changelist.full_result_count = changelist.result_count
        for comment in changelist.result_list:
            comment.verbs = [verb for verb in self.verbs_for(comment) if self.may(request, verb)]
        return changelist

    @staticmethod
    def verbs_for(comment: Comment) -> list[Verb]:
        return VERBS_IN_TRASH if comment.is_trashed else VERBS_BY_STATUS[Comment.Status(comment.status)]

    @admin.display(description=gettext_lazy("comment"))
    def in_full(self, comment: Comment) -> str:
        return render_to_string("admin/comments/comment/_in_full.html", {"comment": comment})

    # --- The form ----------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("place"))
    def context(self, comment: Comment) -> str:
        return render_to_string("admin/comments/comment/_context.html", {"comment": comment})

    @admin.display(description=gettext_lazy("reasons"))
    def why(self, comment: Comment) -> str:
        return " ".join(comment.reasons_in_words) or "–"

    def view_on_site(self, obj: Comment) -> str | None:
        return obj.get_absolute_url() if Comment.objects.public().filter(pk=obj.pk).exists() else None

    # --- Permissions -------------------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Comments are written below posts."""
        return False

    def has_purge_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("comments.purge_comment")

    def may(self, request: HttpRequest, verb: Verb) -> bool:
        checks = {
            "change": self.has_change_permission,
            "delete": self.has_delete_permission,
            "purge": self.has_purge_permission,
        }
        return checks[verb.permission](request)

    # --- Verbs -------------------------------------------------------------------------------------------------------

    def get_actions(
        self, request: HttpRequest, action_location: admin.ActionLocation = admin.ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """The verbs for many comments at once. Django's own deletion is not among them."""
        in_trash = request.GET.get(QueueFilter.parameter_name) == "trash"
        names = {verb.name for verb in (VERBS_IN_TRASH if in_trash else VERBS_ON_DESK)}
        actions = super().get_actions(request, action_location=action_location)
        return {name: action for name, action in actions.items() if name in names}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and "moderate" in request.POST:
            return self.moderate(request)
        return super().changelist_view(request, {"title": _("Comments"), **(extra_context or {})})

    def moderate(self, request: HttpRequest) -> HttpResponse:
        """A button beside one comment, whose value is the verb and the id; back to the same list."""
        name, _space, pk = request.POST["moderate"].partition(" ")
        if name not in VERBS or not is_id(pk):
            raise BadRequest("No such button.")
        comments = self.get_queryset(request).filter(pk=pk)
        return self.perform(request, VERBS[name], comments) or HttpResponseRedirect(request.get_full_path())

    def perform(self, request: HttpRequest, verb: Verb, comments: CommentQuerySet) -> HttpResponse | None:
        """Do it, log it and say so; for what cannot be undone, return a page that asks first."""
        if not self.may(request, verb):
            raise PermissionDenied
        if verb is PURGE and "confirmed" not in request.POST:
            return self.ask_before_purge(request, comments.trashed())
        rows = list(comments)
        with transaction.atomic():
            number = verb.act(comments.order_by())
            LogEntry.objects.log_actions(
                user_id=request.user.pk,
                queryset=rows,
                action_flag=DELETION if verb is PURGE else CHANGE,
                change_message=str(verb.label),
            )
        self.message_user(request, verb.done(number), messages.SUCCESS)
        return None

    def ask_before_purge(self, request: HttpRequest, comments: CommentQuerySet) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **self.place_in_words(),
            "title": _("Delete for good?"),
            "opts": self.opts,
            "media": self.media,
            "comments": comments,
            "sent": [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF_FIELD],
        }
        return TemplateResponse(request, "admin/comments/comment/purge_confirmation.html", context)

    # --- Django's own delete button ----------------------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        context = {"title": _("Move to the trash?"), "subtitle": None, **self.place_in_words()}
        return super().delete_view(request, object_id, context | (extra_context or {}))

    def place_in_words(self) -> dict[str, Any]:
        """Where a question comes from, for admin/posts/_question.html."""
        return {"list_url": reverse("admin:comments_comment_changelist"), "list_name": _("Comments")}

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        self.message_user(request, TRASH.done(1), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:comments_comment_changelist"))


@register
def waiting(request: HttpRequest) -> Panel | None:
    """On the desk's first page: how many comments wait, and the newest of them."""
    desk = admin.site.get_model_admin(Comment)
    if not desk.has_change_permission(request):
        return None
    comments = Comment.objects.pending()
    number = comments.count()
    title = ngettext("%d comment waits", "%d comments wait", number) % number if number else _("Comments")
    address = reverse("admin:comments_comment_changelist")
    rows = [
        Row(comment.author_name, f"{address}?post={comment.post_id}", comment.post.title)
        for comment in comments.for_queue()[:ROWS]
    ]
    return Panel(title, _("No comment is waiting."), address, rows)
