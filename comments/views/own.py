"""What writers may do to their own comments: change them, or take them back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from posts.visitors import client_address

from .. import own, verbs
from ..discussion import address_of
from ..evidence import Visit
from ..forms import BodyForm
from ..limits import TooMany
from ..members import has_token, signed_in
from ..models import Comment
from ..origins import is_cross_site
from ..revising import revise
from .discussed import MAX_REQUEST_BYTES, DiscussedView
from .refusals import FOREIGN, LIKE_A_MISSING_ONE, TOO_LARGE, later, with_retry

TOKEN_MISSING = _("This form was not made for you as you are signed in now. Send it once more.")


class OwnView(DiscussedView):
    """For whoever wrote the comment, and for a while. To anyone else it is as missing as one that never was."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not (kwargs["pk"] in own.ids(request) or signed_in(request)):
            raise Http404(LIKE_A_MISSING_ONE)
        comments = Comment.objects.filter(post=self.discussed)
        self.comment = get_object_or_404(comments.select_related("post", "user"), pk=kwargs["pk"])
        site = self.request.site_settings
        if not (own.may_change(request, self.comment, site) or own.may_change_by_account(request, self.comment, site)):
            raise Http404(LIKE_A_MISSING_ONE)

    @property
    def objection(self) -> str | Promise:
        """What is wrong with where the form comes from, if anything."""
        if is_cross_site(self.request):
            return FOREIGN
        return TOKEN_MISSING if signed_in(self.request) and not has_token(self.request) else ""


class EditView(OwnView):
    template_name = "comments/edit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if len(request.body) > MAX_REQUEST_BYTES:
            return self.refuse(413, TOO_LARGE)
        unread = self.form(initial=request.POST.dict())
        if self.objection:
            return self.show(unread, 403, self.objection)
        try:
            self.count_attempt()
        except TooMany as refusal:
            return with_retry(self.show(unread, 429, later(refusal)), refusal)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        return self.show(form, preview=True) if "preview" in request.POST else self.revise(form)

    def form(self, data: Any = None, **options: Any) -> BodyForm:
        site, auto_id = self.request.site_settings, f"id_edit_{self.comment.pk}_%s"
        return BodyForm(data, site=site, instance=self.comment, auto_id=auto_id, **options)

    def revise(self, form: BodyForm) -> HttpResponse:
        visit = Visit(client_address(self.request), user=self.comment.user)
        try:
            revise(form.instance, visit, self.request.site_settings)
        except Comment.DoesNotExist as error:
            raise Http404(LIKE_A_MISSING_ONE) from error
        return redirect(address_of(self.comment, self.request.site_settings))

    def show(
        self, form: BodyForm, status: int = 200, sentence: str | Promise = "", *, preview: bool = False
    ) -> HttpResponse:
        return self.answer(
            status,
            form=form,
            comment=self.comment,
            sentence=sentence,
            preview=preview and form.instance,
        )


class DeleteView(OwnView):
    """Asked for by GET, done by POST: into the trash, from where a moderator could still bring it back."""

    template_name = "comments/delete.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(comment=self.comment)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.objection:
            return self.answer(403, comment=self.comment, objection=self.objection)
        verbs.take_back(Comment.objects.filter(pk=self.comment.pk))
        return redirect(f"{self.discussed.get_absolute_url()}#comments")
