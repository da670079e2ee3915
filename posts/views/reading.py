"""One text at its address, for whoever may read it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.utils.csp import CSP, build_policy
from django.views.generic import TemplateView

from ..managers import PostQuerySet
from ..middleware import SiteRequest
from ..models import Page, Post
from ..translations import versions
from ..ways import breadcrumbs, related
from ..ways.sequences import neighbours, progress


class ReadableView(TemplateView):
    """One text, by its address: for everyone once it is published, before that for its editors alone."""

    request: SiteRequest
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
        category = breadcrumbs.first_category(post)
        in_series = progress(post)
        beside = in_series.neighbours if in_series else neighbours(post, category)
        return super().get_context_data(
            **kwargs,
            breadcrumbs=breadcrumbs.to_post(category),
            progress=in_series,
            neighbours=beside,
            related=related.best(post, besides=[beside.previous, beside.next]),
        )


class PageView(ReadableView):
    template_name = "posts/page.html"
    context_name = "page"

    def readable(self) -> QuerySet:
        return Page.published.all()

    def readable_by_editors(self) -> QuerySet:
        return Page.objects.all() if self.request.user.has_perm("posts.change_page") else Page.objects.none()


def allow_players(response: HttpResponse, hosts: list[str]) -> None:
    """Let this page load players of these hosts, should its reader ask for one; no other page may."""
    policy: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF, *(f"https://{host}" for host in hosts)]}
    # The middleware leaves a policy alone that is there already.
    response.headers[str(CSP.HEADER_ENFORCE)] = build_policy(policy)
