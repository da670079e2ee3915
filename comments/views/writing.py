"""A reader's way in: the form, its errors, and thanks. Nothing here reads a session or sets a cookie."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from posts.middleware import SiteRequest
from posts.models import CommentPolicy, Post

from ..forms import CommentForm
from ..models import Comment
from ..origins import is_cross_site
from ..policy import policy_of
from ..receiving import receive

# Every field at its longest, even of line breaks alone and percent-encoded, takes less.
MAX_REQUEST_BYTES = 200_000


# Why no token is asked for: see `comments.origins`.
@method_decorator(csrf_exempt, name="dispatch")
class DiscussedView(TemplateView):
    """A page about a post that anyone may open. One that they may not is as missing as one that never was."""

    request: SiteRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.discussed = get_object_or_404(Post.published.readable(), slug=kwargs["slug"])
        self.policy = policy_of(self.discussed, self.request.site_settings)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(post=self.discussed, **kwargs)


class WriteView(DiscussedView):
    """Take in a comment, or show the form again with what is wrong and all that was written."""

    template_name = "comments/write.html"
    parent: Comment | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who comes back to the address of the form, by reload or bookmark, finds the form below the post."""
        return redirect(f"{self.discussed.get_absolute_url()}#comments")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if len(request.body) > MAX_REQUEST_BYTES:
            return self.refuse(413, _("This is more than a comment can hold."))
        if self.policy == CommentPolicy.OFF:
            return self.refuse_closed()
        blank = Comment(post=self.discussed, parent=self.parent)
        form = CommentForm(request.POST, instance=blank)
        is_valid = form.is_valid()
        if is_cross_site(request):
            form.add_error(None, _("This was not sent from our own page. If you meant to send it, send it again."))
            return self.show(form, status=403)
        if not is_valid:
            return self.show(form, status=422)
        try:
            receive(form.instance, form.signals)
        except Post.DoesNotExist as error:
            raise Http404("The post is gone.") from error
        return redirect("comments:received", slug=self.discussed.slug)

    def show(self, form: CommentForm, status: int = 200) -> HttpResponse:
        return self.render(status, form=form, parent=self.parent)

    def refuse_closed(self) -> HttpResponse:
        return self.refuse(403, _("Comments on this post are closed."), written=self.request.POST.get("body", ""))

    def refuse(self, status: int, sentence: str, **context: Any) -> HttpResponse:
        self.template_name = "comments/refused.html"
        return self.render(status, sentence=sentence, **context)

    def render(self, status: int, **context: Any) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**context), status=status)
        add_never_cache_headers(response)
        return response


class ReplyView(WriteView):
    """The form on a page of its own, below the comment that it answers."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.parent = get_object_or_404(Comment.objects.for_discussion(self.discussed), pk=kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(CommentForm()) if self.policy != CommentPolicy.OFF else self.refuse_closed()


class ReceivedView(DiscussedView):
    """Thanks, and what happens next. It shows nothing of the comment, so that its address tells nobody anything."""

    template_name = "comments/received.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response
