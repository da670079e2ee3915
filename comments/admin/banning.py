"""Banning the writer of a comment: by e-mail address, by name, or by network; and their waiting comments with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from posts.admin.counting import count, in_digits
from posts.markup import clean_line

from ..bans import FIELDS, ban_writers
from ..managers import CommentQuerySet
from ..models import Ban, Comment
from ..models.ban import normalised
from .acting import act, first_of, log
from .queue import list_url
from .steps import offer
from .verb import SPAM

if TYPE_CHECKING:
    from .comment import CommentAdmin


def values_of(comment: Comment) -> dict[str, str]:
    """By what the writer of a comment can be told, by the kind of ban; the most certain first."""
    kinds = [Ban.Kind.EMAIL, Ban.Kind.NETWORK, Ban.Kind.NAME]
    return {kind.value: value for kind in kinds if (value := getattr(comment, FIELDS[kind]))}


def of_same_writer(kind: str, value: str) -> Q:
    return Q(**{f"{FIELDS[Ban.Kind(kind)]}__iexact": value})


class WriterForm(forms.Form):
    """Whom to ban, out of what a comment tells of its writer."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Whose comments are spam from now on?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whom to ban.")},
    )
    note = forms.CharField(label=gettext_lazy("Note for other moderators"), max_length=200, required=False)
    with_waiting = forms.BooleanField(
        label=gettext_lazy("Mark this comment, and theirs that wait, as spam"), required=False, initial=True
    )

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.comment = comment
        self.values = values_of(comment)
        self.fields["kind"].choices = [(kind, self.in_words(kind, value)) for kind, value in self.values.items()]
        self.initial["kind"] = next(iter(self.values), "")

    def in_words(self, kind: str, value: str) -> str:
        waiting = count(self.waiting(kind))
        number = ngettext("%s comment waits", "%s comments wait", waiting) % in_digits(waiting)
        return f"{Ban.Kind(kind).label}: {value} ({number})"

    def waiting(self, kind: str) -> CommentQuerySet:
        return Comment.objects.pending().filter(of_same_writer(kind, self.values[kind]))

    @property
    def chosen(self) -> CommentQuerySet:
        """The comments to mark: theirs that wait, and the one that gave the reason."""
        theirs = of_same_writer(self.cleaned_data["kind"], self.values[self.cleaned_data["kind"]])
        return Comment.objects.filter(Q(pk=self.comment.pk) | Q(theirs, status=Comment.Status.PENDING))


def ban_view(desk: CommentAdmin, request: HttpRequest, pk: str) -> HttpResponse:
    comment = desk.comment_or_404(request, pk)
    if not (request.user.has_perm("comments.add_ban") and desk.has_change_permission(request, comment)):
        raise PermissionDenied
    form = WriterForm(comment, request.POST or None)
    if form.is_valid():
        ban(desk, request, form)
        return HttpResponseRedirect(list_url(request.POST.get("back", "")))
    title = _("Ban %(name)s?") % {"name": comment.author_name}
    context = desk.question(request, title, comment=comment, form=form)
    return TemplateResponse(request, "admin/comments/comment/ban.html", context)


def ban(desk: CommentAdmin, request: HttpRequest, form: WriterForm) -> None:
    kind = form.cleaned_data["kind"]
    with transaction.atomic():
        writer = Comment.all_objects.filter(pk=form.comment.pk)
        is_new = ban_writers(writer, kind, by=request.user.pk, note=form.cleaned_data["note"])
        entry = Ban.objects.get(kind=kind, value=normalised(kind, clean_line(form.values[kind])))
        if is_new:
            log(request.user, [entry], "", ADDITION)
        number, steps = act(SPAM, first_of(form.chosen), request.user) if form.cleaned_data["with_waiting"] else (0, [])
    said = _("Banned: %(who)s") if is_new else _("Banned already: %(who)s")
    desk.message_user(request, said % {"who": entry}, messages.SUCCESS)
    if number:
        desk.message_user(request, offer(SPAM.done(number), steps, request.user), messages.SUCCESS)
