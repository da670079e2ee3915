"""Pages of a discussion beyond the post's own, the way to a single comment, and the pictures beside them."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView, View

from posts.generation import CONTENT, SITE
from posts.middleware import SiteRequest
from posts.opened import opened_for_discussion
from posts.pagination import asked_for
from posts.shown import shows

from .. import avatars
from ..discussion import Reader, address_of, read, read_conversation
from ..policy import closes_at
from ..said import top_of


def reader_of(request: SiteRequest, slug: str) -> Reader:
    """Whoever asks for a part of the discussion below a post. Raises Http404 for one that not everyone may open."""
    post = opened_for_discussion(slug)
    if post is None:
        raise Http404("There is no such text, or nobody may read it yet.")
    return Reader(request, post, request.site_settings)


class DiscussionPage(TemplateView):
    """Some of the conversations below a post, on a page without it."""

    request: SiteRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.reader = reader_of(self.request, kwargs["slug"])
        prefetch_related_objects([self.reader.post], "co_authors__picture")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reader = self.reader
        until = closes_at(reader.post, reader.site) if reader.may_reply else None
        shows(self.request, counters=(CONTENT, SITE), posts=[reader.post.pk], until=until)
        return super().get_context_data(reader=reader, post=reader.post, **kwargs)


class DiscussionView(DiscussionPage):
    """A further page of conversations; the first one stands below the post."""

    template_name = "comments/discussion.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        begin = asked_for(request, "after")
        if begin is None:
            return redirect(f"{self.reader.post.get_absolute_url()}#comments")
        discussion = read(self.reader, begin)
        if not discussion.conversations:
            raise Http404("No conversation begins there.")
        return self.render_to_response(self.get_context_data(discussion=discussion))


class ConversationView(DiscussionPage):
    """One conversation alone, with all replies, a page of them at a time."""

    template_name = "comments/conversation.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        top = top_of(self.reader.post, self.kwargs["pk"])
        if top is None:
            raise Http404("No conversation has this number.")
        discussion = read_conversation(self.reader, top, asked_for(self.request, "after"))
        return super().get_context_data(discussion=discussion, **kwargs)


class CommentView(View):
    """The permalink of a comment: it leads to wherever that is shown by now."""

    def get(self, request: SiteRequest, slug: str, pk: int) -> HttpResponse:
        reader = reader_of(request, slug)
        comment = get_object_or_404(reader.visible().select_related("thread"), pk=pk)
        comment.post = reader.post
        return redirect(address_of(comment, reader.site))


@require_safe
def avatar(request: HttpRequest, digits: str) -> HttpResponseBase:
    """An ornament. It will never be another one, so that a browser may keep it for ever."""
    response = HttpResponse(avatars.draw(digits), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


avatar.without_site_settings = True  # type: ignore[attr-defined]  # for the middleware
