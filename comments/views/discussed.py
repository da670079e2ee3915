"""What the pages about one post have in common that a reader writes on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView

from posts.middleware import SiteRequest
from posts.models import Post
from posts.visitors import client_address

from .. import limits
from ..members import is_moderator, signed_in
from ..models import Comment

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

    def public_comment(self) -> Comment | None:
        """The comment that the address names, if anyone may read it."""
        return Comment.objects.public().filter(post=self.discussed, pk=self.kwargs["pk"]).first()

    def count_attempt(self) -> None:
        """Count what makes us parse a text, in whichever form it comes. Raises TooMany."""
        if not is_moderator(signed_in(self.request)):
            tries = limits.TRIES * self.request.site_settings.comment_rate_per_address
            limits.count(limits.by_address("try", client_address(self.request), tries))

    def answer(self, status: int = 200, **context: Any) -> HttpResponse:
        """The page, for this reader and this moment alone."""
        context = self.get_context_data(post=self.discussed, **context)
        response = self.render_to_response(context, status=status)
        add_never_cache_headers(response)
        return response

    def refuse(self, status: int, sentence: str | Promise) -> HttpResponse:
        """Say why nothing can be sent here, and give back what was written."""
        self.template_name = "comments/refused.html"
        return self.answer(status, sentence=sentence, written=self.request.POST.get("body", ""))
