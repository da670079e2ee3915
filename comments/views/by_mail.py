"""Deciding about a comment by a link in a mail: see `comments.mail.mandates`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from posts.middleware import SiteRequest

from ..admin.acting import act
from ..admin.verb import VERBS, Verb
from ..mail import mandates
from ..mail.mandates import Expired
from ..mail.moderators import may_decide
from ..models import Comment
from .private import PrivateView


class Refusal(Exception):
    """The link does nothing any more: the sentence says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


class ByMailView(PrivateView):
    """Show the comment and ask; then do it, in the name of the one whom the link was mailed to."""

    template_name = "comments/mail_decide.html"
    request: SiteRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            verb, comment, _user = self.find(kwargs["signed"])
        except Refusal as refusal:
            return self.show(refusal.status, refusal=refusal.sentence)
        return self.show(verb=verb, comment=comment)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            verb, comment, user = self.find(kwargs["signed"])
        except Refusal as refusal:
            return self.show(refusal.status, refusal=refusal.sentence)
        if request.POST.get("seen") != seen(comment):
            return self.show(409, verb=verb, comment=comment, is_changed=True)
        as_seen = Comment.objects.pending().filter(pk=comment.pk, updated_at=comment.updated_at)
        number, _steps = act(verb, as_seen, user)
        if not number:
            return self.show(409, refusal=decided(Comment.all_objects.get(pk=comment.pk)))
        return self.show(done=verb.done(number))

    def find(self, signed: str) -> tuple[Verb, Comment, User]:
        """What is to be done, to which comment, by whom. Raises Refusal, or Http404 for a link that was never ours."""
        try:
            mandate = mandates.read(signed)
        except Expired as error:
            raise Refusal(410, _("This link has expired: it was good for a week.")) from error
        if mandate is None:
            raise Http404("There is no such link.")
        verb = VERBS[mandate.verb]
        user = get_user_model().objects.filter(pk=mandate.user).first()
        if not user or not mandate.is_for(user) or not may_decide(user) or not user.has_perm(_permission(verb)):
            raise Refusal(403, _("This link is not yours any more: the account it was made for may not do this now."))
        comment = Comment.all_objects.select_related("post").filter(pk=mandate.comment).first()
        if not comment or not comment.post.is_readable:
            raise Refusal(410, _("The comment, or the post above it, is not there any more."))
        if comment.is_trashed or comment.status != Comment.Status.PENDING:
            raise Refusal(409, decided(comment))
        return verb, comment, user

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        comment = kwargs.get("comment")
        return super().get_context_data(seen=comment and seen(comment), **kwargs)


def seen(comment: Comment) -> str:
    """What tells this state of a comment from a later one: nobody approves words that they have not read."""
    return comment.updated_at.isoformat()


def decided(comment: Comment) -> str:
    if comment.is_trashed:
        return _("It is decided already: the comment is in the trash.")
    sentences = {
        Comment.Status.APPROVED: _("It is decided already: the comment is approved."),
        Comment.Status.SPAM: _("It is decided already: the comment is marked as spam."),
    }
    return sentences.get(Comment.Status(comment.status), _("Somebody is deciding about this comment right now."))


def _permission(verb: Verb) -> str:
    return f"comments.{verb.permission}_comment"
