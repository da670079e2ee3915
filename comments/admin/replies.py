"""Answering a comment from the queue: the reply is public at once, and so is the comment that it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from posts import markup

from .. import verbs
from ..fields import INVISIBLE_BODY, NameField, shows_words
from ..forms import MAX_BODY_BYTES
from ..members import public_name
from ..models import Comment
from ..receiving import sent_before
from .acting import log
from .cards import may_be_answered
from .queue import list_url
from .steps import State, Step, offer

if TYPE_CHECKING:
    from .comment import CommentAdmin


class ReplyForm(forms.Form):
    """An answer, under the public name of the account: asked for where it has none, as a login name is never shown."""

    author_name = NameField(label=gettext_lazy("Your name, as readers see it"))
    body = forms.CharField(
        label=gettext_lazy("Your reply"),
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": gettext_lazy("Write your reply first.")},
    )

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.known_name = public_name(user)
        if self.known_name:
            del self.fields["author_name"]

    def clean_body(self) -> str:
        body = markup.clean_text(self.cleaned_data["body"])
        if len(body.encode()) > MAX_BODY_BYTES:
            raise ValidationError(_("This reply is too long for one. Shorten it, or split it in two."), "too_long")
        if not shows_words(markup.render_comment(body)):
            raise ValidationError(INVISIBLE_BODY, "invisible")
        return body

    @property
    def name(self) -> str:
        return self.known_name or self.cleaned_data["author_name"]


def reply_view(desk: CommentAdmin, request: HttpRequest, pk: str) -> HttpResponse:
    """The form below a comment in the queue sends here; without script, and with an error, it is a page of its own."""
    comment = desk.comment_or_404(request, pk)
    if not desk.has_change_permission(request, comment):
        raise PermissionDenied
    if not may_be_answered(comment):
        desk.message_user(request, _("Fetch this comment back before you answer it."), messages.WARNING)
        return HttpResponseRedirect(list_url(request.POST.get("back", "")))
    form = ReplyForm(request.user, request.POST or None)
    if form.is_valid():
        return publish(desk, request, comment, form)
    context = desk.question(request, _("Reply to %(name)s") % {"name": comment.author_name}, comment=comment, form=form)
    return TemplateResponse(request, "admin/comments/comment/reply.html", context)


def publish(desk: CommentAdmin, request: HttpRequest, comment: Comment, form: ReplyForm) -> HttpResponse:
    reply = Comment(
        post=comment.post,
        parent=comment,
        user=request.user,
        author_name=form.name,
        email=request.user.email,
        body=form.cleaned_data["body"],
    )
    steps = answer(comment, reply, request.user)
    said = _("Your reply is published, and the comment approved.") if len(steps) > 1 else _("Your reply is published.")
    desk.message_user(request, offer(said, steps, request.user), messages.SUCCESS)
    return HttpResponseRedirect(list_url(request.POST.get("back", "")))


def answer(comment: Comment, reply: Comment, user: Any) -> list[Step]:
    """Publish a reply, once however often it is sent, and what it answers; return the steps that lead back."""
    with transaction.atomic():
        approved = verbs.approve(Comment.objects.filter(pk=comment.pk))
        if sent_before(reply, Comment.objects.all()):
            return []
        reply.save()
        verbs.approve(Comment.objects.filter(pk=reply.pk))
        log(user, [comment], _("Answered."))
    steps = [Step(State("approved", True), State("approved", False), [reply.pk])]
    if approved:
        steps.append(Step(State(comment.status, False), State("approved", False), [comment.pk]))
    return steps
