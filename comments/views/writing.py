"""A reader's way in: the form, its preview, its errors, and what comes after."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from posts.models import Post
from posts.visitors import client_address

from .. import drafts, own, timing
from ..discussion import address_of
from ..evidence import Visit
from ..forms import CommentForm
from ..limits import TooMany
from ..members import has_token, signed_in
from ..models import Comment
from ..origins import is_cross_site
from ..receiving import Closed, MembersOnly, ParentGone, may_vouch, receive
from .accounts import SignInForm
from .discussed import MAX_REQUEST_BYTES, DiscussedView
from .refusals import FOREIGN, LIKE_A_MISSING_ONE, TOO_LARGE, later, with_retry

CLOSED = _("Comments on this post are closed.")
ONCE_MORE = _("You are signed in, so this would stand under your name. Send it once more to confirm that.")
SIGNED_OUT = _("You are not signed in any more. Sign in again, or send this under a name of your choice.")
PARENT_GONE = _("What you answer is not there any more. You can send this as a comment of its own.")


class WriteView(DiscussedView):
    """Take in a comment, or show the form again with what is wrong and all that was written."""

    template_name = "comments/write.html"
    parent: Comment | None = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.user = signed_in(request)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(initial={"body": drafts.of(request), "opened": timing.stamp()})
        if form.is_closed:
            return self.refuse(403, CLOSED)
        if form.is_for_others:
            return redirect(f"{reverse('comments:sign_in')}?{urlencode({'next': request.path}, safe='/')}")
        return self.show(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if len(request.body) > MAX_REQUEST_BYTES:
            return self.refuse(413, TOO_LARGE)
        unread = self.unread_form()
        if refusal := self.refusal(unread):
            return refusal
        try:
            self.count_attempt()
            return self.preview() if "preview" in request.POST else self.take()
        except TooMany as too_many:
            return with_retry(self.show(unread, 429, later(too_many)), too_many)

    def refusal(self, unread: CommentForm) -> HttpResponse | None:
        """The answer to what cannot be taken in here, whatever it says."""
        if unread.is_closed:
            return self.refuse(403, CLOSED)
        if is_cross_site(self.request):
            return self.show(unread, 403, FOREIGN)
        if unread.is_for_others:
            return self.ask_to_sign_in()
        if "pk" in self.kwargs and not self.parent:
            return self.show_without_parent()
        return None

    def form(self, data: Any = None, **options: Any) -> CommentForm:
        if "pk" in self.kwargs:
            # A page may hold this form and the one below the post.
            options["auto_id"] = f"id_{self.kwargs['pk']}_%s"
        site = self.request.site_settings
        return CommentForm(data, post=self.discussed, site=site, parent=self.parent, user=self.user, **options)

    def unread_form(self) -> CommentForm:
        """The form with all that was written, none of it parsed."""
        return self.form(initial=self.request.POST.dict())

    def preview(self) -> HttpResponse:
        form = self.form(self.request.POST)
        form.keep_errors_of_body()
        return self.show(form, preview="body" not in form.errors)

    def take(self) -> HttpResponse:
        """Take in what was written, if nothing is wrong with it, nor with whoever sends it."""
        if self.user and not has_token(self.request):
            return self.show(self.unread_form(), 403, ONCE_MORE)
        form = self.form(self.request.POST)
        if not form.is_valid():
            signed_out = not self.user and "csrfmiddlewaretoken" in self.request.POST
            return self.show(form, 422, SIGNED_OUT if signed_out else "")
        return self.receive(form)

    def receive(self, form: CommentForm) -> HttpResponse:
        visit = Visit(client_address(self.request), bool(form.cleaned_data["trap"]), form.seconds, self.user)
        try:
            stored = receive(form.instance, visit, self.request.site_settings, form.cleaned_data["wish"])
        except Post.DoesNotExist as error:
            raise Http404("The post is gone.") from error
        except Closed:
            return self.refuse(403, CLOSED)
        except MembersOnly:
            return self.ask_to_sign_in()
        except ParentGone:
            return self.show_without_parent()
        return self.thank(stored, sent=form.instance)

    def thank(self, stored: Comment, sent: Comment) -> HttpResponse:
        """Lead on to the comment; for a script, say where that is."""
        address = reverse("comments:received", args=[self.discussed.slug, stored.pk])
        by_script = self.request.get_preferred_type(["text/html", "application/json"]) == "application/json"
        response: HttpResponse = (
            JsonResponse({"id": stored.pk, "url": address}, status=201) if by_script else redirect(address)
        )
        drafts.forget(self.request)
        if may_vouch(stored, sent):
            own.grant(self.request, response, stored)
        return response

    def show(
        self, form: CommentForm, status: int = 200, sentence: str | Promise = "", *, preview: bool = False
    ) -> HttpResponse:
        return self.answer(status, form=form, parent=self.parent, sentence=sentence, preview=preview and form.instance)

    def show_without_parent(self) -> HttpResponse:
        self.parent = None
        return self.show(self.unread_form(), 404, PARENT_GONE)

    def ask_to_sign_in(self) -> HttpResponse:
        self.template_name = "comments/sign_in.html"
        return self.answer(
            403, form=SignInForm(self.request), next=self.request.path, written=self.request.POST.get("body")
        )


class ReplyView(WriteView):
    """The form on a page of its own, below the comment that it answers."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.parent = self.public_comment()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.parent:
            raise Http404(LIKE_A_MISSING_ONE)
        return super().get(request, *args, **kwargs)


class ReceivedView(DiscussedView):
    """Lead the writer to their comment. Anyone else, and a browser without cookies, is thanked and told nothing."""

    template_name = "comments/received.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs["pk"] in own.ids(request):
            comment = Comment.objects.filter(post=self.discussed, pk=kwargs["pk"]).first()
            if comment:
                return redirect(address_of(comment, self.request.site_settings))
        return self.answer()
