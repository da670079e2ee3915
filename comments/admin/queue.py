"""The queue: what waits comes first, each comment in full and in its context, with a button for each verb."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest, EmptyResultSet, PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import smart_split, unescape_string_literal
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from posts import markup
from posts.admin.lookups import SafeLookups, is_id
from posts.search.engines import among, rows
from posts.widgets import module

from ..managers import CommentQuerySet
from ..models import Comment
from .acting import AT_ONCE, act, first_of
from .cards import cards
from .filters import EmailFilter, NetworkFilter, PostFilter, QueueFilter
from .steps import offer
from .verb import IN_TRASH, ON_DESK, PURGE, VERBS, Verb, verbs_for

# More are not read for a search.
SEARCHED = 10_000
CSRF_FIELD = "csrfmiddlewaretoken"
STYLES = {"all": ["css/admin-comments.css"]}


def as_action(verb: Verb) -> Callable:
    """The verb as Django's action on the comments that are ticked."""

    def perform(desk: Queue, request: HttpRequest, comments: CommentQuerySet) -> HttpResponse | None:
        return desk.perform(request, verb, comments)

    perform.__name__ = verb.name
    return admin.action(perform, permissions=[verb.permission], description=verb.label)


def is_email(text: str) -> bool:
    with suppress(ValidationError):
        validate_email(text)
        return True
    return False


def matching(text: str, fields: Iterable[str]) -> Q:
    """That each word, or what stands in quotation marks, is in one of the fields: as Django reads a search."""
    found = Q()
    for bit in smart_split(text):
        word = unescape_string_literal(bit) if bit[0] in "\"'" and bit[0] == bit[-1] else bit
        found &= Q.create([(f"{field}__icontains", word) for field in fields], connector=Q.OR)
    return found


def list_url(query: str = "") -> str:
    address = reverse("admin:comments_comment_changelist")
    return f"{address}?{query}" if query else address


def shows_trash(request: HttpRequest) -> bool:
    return request.GET.get(QueueFilter.parameter_name) == "trash"


class QueueList(ChangeList):
    def get_ordering(self, request: HttpRequest, queryset: CommentQuerySet) -> list[str]:
        """As the indexes have it: the newest first, in the trash what was thrown away last."""
        return ["-deleted_at", "-pk"] if shows_trash(request) else ["-created_at", "-pk"]

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        verbs = {comment.pk: self.model_admin.allowed(request, verbs_for(comment)) for comment in self.result_list}
        self.cards = cards(self.result_list, verbs)

    @property
    def is_mixed(self) -> bool:
        """Whether its comments differ in their status."""
        return self.params.get(QueueFilter.parameter_name) in {"all", "trash"}

    @property
    def is_about(self) -> bool:
        """Whether it was asked for some of a tab's comments only."""
        return bool(self.query) or any(spec.subject for spec in self.filter_specs if hasattr(spec, "subject"))


class Queue(SafeLookups):
    actions = [as_action(verb) for verb in VERBS.values()]
    list_display = ["__str__"]
    list_filter = [QueueFilter, PostFilter, EmailFilter, NetworkFilter]
    list_per_page = 50
    list_max_show_all = 0
    search_fields = ["author_name", "email", "body", "post__title"]
    search_help_text = gettext_lazy(
        "Searches names, e-mail addresses, comments and the titles of posts, in the newest 10,000 of the list. "
        "A whole e-mail address is looked for in all."
    )
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = STYLES

    def get_queryset(self, request: HttpRequest) -> CommentQuerySet:
        return Comment.all_objects.for_queue()

    def get_search_results(
        self, request: HttpRequest, queryset: CommentQuerySet, search_term: str
    ) -> tuple[CommentQuerySet, bool]:
        """In the newest of the list, since no index knows the parts of words; all comments from a whole address."""
        text = markup.clean_line(search_term)
        if is_email(text):
            return queryset.filter(email=text.lower()), False
        if not text:
            return queryset, False
        # Found once: the list would read all of them to count, and again to show some.
        return queryset.filter(pk__in=among(self.found_in_newest(queryset, text))), False

    def found_in_newest(self, comments: CommentQuerySet, text: str) -> list[int]:
        """Whether the text is in a comment is told of each, not asked for: a planner that could ask first reads all."""
        told = comments.annotate(is_found=matching(text, self.search_fields)).values("pk", "is_found")
        try:
            sql, parameters = told[:SEARCHED].query.sql_with_params()
        except EmptyResultSet:
            # The address asks for what no comment can be, as Django knows beforehand.
            return []
        found = f"SELECT pk FROM ({sql}) AS newest WHERE is_found"  # noqa: S608 -- our own SQL
        return [pk for (pk,) in rows(found, *parameters)]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return QueueList

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "POST" and "moderate" in request.POST:
            return self.moderate(request)
        context = {
            "title": _("Comments"),
            # Without the scripts that Django brings for its table.
            "media": forms.Media(css=STYLES, js=[module("comment-queue")]),
            "bulk_verbs": self.allowed(request, IN_TRASH if shows_trash(request) else ON_DESK),
            "may_change": self.has_change_permission(request),
            "may_ban": request.user.has_perm("comments.add_ban"),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    # --- Permissions -------------------------------------------------------------------------------------------------

    def has_purge_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("comments.purge_comment")

    def may(self, request: HttpRequest, verb: Verb) -> bool:
        checks = {
            "change": self.has_change_permission,
            "delete": self.has_delete_permission,
            "purge": self.has_purge_permission,
        }
        return checks[verb.permission](request)

    def allowed(self, request: HttpRequest, verbs: list[Verb]) -> list[Verb]:
        return [verb for verb in verbs if self.may(request, verb)]

    # --- Verbs -------------------------------------------------------------------------------------------------------

    def get_actions(
        self, request: HttpRequest, action_location: admin.ActionLocation = admin.ActionLocation.CHANGE_LIST
    ) -> dict[str, Any]:
        """The verbs for many comments at once. Django's own deletion is not among them."""
        names = {verb.name for verb in (IN_TRASH if shows_trash(request) else ON_DESK)}
        actions = super().get_actions(request, action_location=action_location)
        return {name: action for name, action in actions.items() if name in names}

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
        chosen = first_of(comments)
        if verb is PURGE and "confirmed" not in request.POST:
            return self.ask_before_purge(request, chosen.trashed())
        number, steps = act(verb, chosen, request.user)
        level = messages.SUCCESS if number else messages.WARNING
        self.message_user(request, offer(verb.done(number), steps, request.user), level)
        if number == AT_ONCE:
            rest = _("No more than %d are done at once. Are there more, press it again.") % AT_ONCE
            self.message_user(request, rest, messages.WARNING)
        return None

    def ask_before_purge(self, request: HttpRequest, comments: CommentQuerySet) -> HttpResponse:
        sent = [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF_FIELD]
        context = self.question(request, _("Delete for good?"), comments=comments, sent=sent)
        return TemplateResponse(request, "admin/comments/comment/purge_confirmation.html", context)

    def question(self, request: HttpRequest, title: str, **context: Any) -> dict[str, Any]:
        """The context of a page that extends admin/posts/_question.html."""
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "media": self.media,
            "list_url": list_url(),
            "list_name": _("Comments"),
            "back": request.POST.get("back", request.GET.get("back", "")),
            **context,
        }
