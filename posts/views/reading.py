"""One text at its address, for whoever may read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.utils.csp import CSP, build_policy
from django.views.generic import TemplateView

from ..managers import PostQuerySet
from ..models import Page, Post
from ..pagination import Position
from ..translations import versions
from .lists import MAX_SERIES_PARTS


class ReadableView(TemplateView):
    """One text, by its address: for everyone once it is published, before that for its editors alone."""

    context_name: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = self.readable().filter(slug=kwargs["slug"]).first()
        if text:
            return self.render_to_response(self.get_context_data(**{self.context_name: text}))
        # Only who carries a session is asked for; anonymous pages neither read nor vary on cookies.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            raise Http404("There is no such text, or nobody may read it yet.")
        text = get_object_or_404(self.readable_by_editors(), slug=kwargs["slug"])
        response = self.render_to_response(self.get_context_data(**{self.context_name: text}, is_preview=True))
        add_never_cache_headers(response)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = kwargs[self.context_name]
        found = versions(text, self.request.site_settings.language)
        others = [version for version in found if version.pk != text.pk]
        return super().get_context_data(**kwargs, versions=found, other_versions=others)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if hosts := context[self.context_name].player_hosts:
            allow_players(response, hosts)
        return response

    def readable(self) -> QuerySet:
        raise NotImplementedError

    def readable_by_editors(self) -> QuerySet:
        raise NotImplementedError


class PostView(ReadableView):
    template_name = "posts/post.html"
    context_name = "post"

    def readable(self) -> PostQuerySet:
        return Post.published.readable().for_page()

    def readable_by_editors(self) -> PostQuerySet:
        return Post.objects.readable_by(self.request.user).for_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post = kwargs["post"]
        return super().get_context_data(**kwargs, **neighbours(post), **series_of(post))


class PageView(ReadableView):
    template_name = "posts/page.html"
    context_name = "page"

    def readable(self) -> QuerySet:
        return Page.published.all()

    def readable_by_editors(self) -> QuerySet:
        return Page.objects.all() if self.request.user.has_perm("posts.change_page") else Page.objects.none()


def allow_players(response: HttpResponse, hosts: list[str]) -> None:
    """Let this page load players of these hosts, should its reader ask for one; no other page may."""
    policy = {**settings.SECURE_CSP, "frame-src": [CSP.SELF, *(f"https://{host}" for host in hosts)]}
    # The middleware leaves a policy alone that is there already.
    response.headers[str(CSP.HEADER_ENFORCE)] = build_policy(policy)


def neighbours(post: Post) -> dict[str, Model | None]:
    """The listed posts just before and after this one in time."""
    if not post.is_listed:
        return {"previous": None, "next": None}
    position = Position.of(post)
    posts = Post.published.listed().only("title", "slug", "language", "publish_at")
    return {
        "previous": posts.filter(position.older).newest_first().first(),
        "next": posts.filter(position.newer).order_by("publish_at", "pk").first(),
    }


def series_of(post: Post) -> dict[str, Any]:
    """The post's series with its listed parts, and the parts before and after this one."""
    if not post.live_series:
        return {}
    parts = list(
        Post.published.listed()
        .in_series(post.live_series)
        .only("title", "slug", "language", "series_position")[:MAX_SERIES_PARTS]
    )
    numbers = {part.pk: number for number, part in enumerate(parts)}
    if post.pk not in numbers:
        return {}
    number = numbers[post.pk]
    return {
        "series": post.live_series,
        "parts": parts,
        "part_number": number + 1,
        "previous_part": parts[number - 1] if number else None,
        "next_part": parts[number + 1] if number + 1 < len(parts) else None,
    }
