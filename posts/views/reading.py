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

from ..addresses import absolute, whole_for
from ..compiled import Compiled
from ..drawing import PageOf
from ..generation import CONTENT, PAGES, SITE
from ..managers import PostQuerySet
from ..middleware import SiteRequest
from ..models import Page, Post
from ..opened import opened
from ..shown import shows
from ..translations import versions
from ..ways import breadcrumbs
from ..ways.around import around


class ReadableView(TemplateView):
    """One text, by its address: for everyone once it is published, before that for its editors alone."""

    request: SiteRequest
    context_name: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = self.opened(kwargs["slug"])
        if text:
            return self.render_to_response(self.get_context_data(**{self.context_name: text}))
        # Only who carries a session is asked for; anonymous pages neither read nor vary on cookies.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            raise Http404("There is no such text, or nobody may read it yet.")
        text = get_object_or_404(self.readable_by_editors(), slug=kwargs["slug"])
        response = self.render_to_response(self.get_context_data(**{self.context_name: text}, is_preview=True))
        add_never_cache_headers(response)
        return response

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(context, **kwargs)
        if hosts := context[self.context_name].player_hosts:
            allow_players(response, hosts)
        return response

    def opened(self, slug: str) -> Post | Page | None:
        """The text, if anyone may read it."""
        raise NotImplementedError

    def readable_by_editors(self) -> QuerySet:
        raise NotImplementedError


class PostView(ReadableView):
    template_name = "posts/post.html"
    context_name = "post"

    def opened(self, slug: str) -> Post | None:
        return opened(slug)

    def readable_by_editors(self) -> PostQuerySet:
        return Post.objects.readable_by(self.request.user).for_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post = kwargs["post"]
        category = breadcrumbs.first_category(post)
        found = around(post, category, self.request.site_settings.language)
        shows(self.request, counters=(CONTENT, SITE), posts=[post.pk])
        page = PageOf(
            post,
            self.request.site_settings,
            found,
            tuple(breadcrumbs.to_post(category)),
            absolute(self.request, self.request.path),
            whole_for(self.request),
            kwargs.get("is_preview", False),
        )
        return super().get_context_data(**kwargs, drawn=page)


class PageView(ReadableView):
    template_name = "posts/page.html"
    context_name = "page"

    def opened(self, slug: str) -> Page | None:
        return next(iter(_page.instances(slug=slug)), None)

    def readable_by_editors(self) -> QuerySet:
        return Page.objects.all() if self.request.user.has_perm("posts.change_page") else Page.objects.none()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shows(self.request, counters=(PAGES, SITE))
        found = versions(kwargs["page"], self.request.site_settings.language)
        others = [version for version in found if version.pk != kwargs["page"].pk]
        return super().get_context_data(**kwargs, versions=found, other_versions=others)


_page = Compiled(Page, lambda slug: Page.published.filter(slug=slug))


def allow_players(response: HttpResponse, hosts: list[str]) -> None:
    """Let this page load players of these hosts, should its reader ask for one; no other page may."""
    policy: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF, *(f"https://{host}" for host in hosts)]}
    # The middleware leaves a policy alone that is there already.
    response.headers[str(CSP.HEADER_ENFORCE)] = build_policy(policy)
