"""One text at its address, for whoever may read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers
from django.utils.csp import CSP, build_policy
from django.views.generic import TemplateView

from .. import markup
from ..addresses import origin
from ..compiled import Compiled
from ..drawing import PageOf, whole_page
from ..generation import CONTENT, PAGES, SITE
from ..managers import PostQuerySet
from ..middleware import SiteRequest
from ..models import Page, Post
from ..opened import Opened, opened
from ..shown import shows
from ..stencils import Same, circumstances
from ..translations import versions
from ..ways import breadcrumbs
from ..ways.around import found_around


class ReadableView(TemplateView):
    """One text, by its address: for everyone once it is published, before that for its editors alone."""

    request: SiteRequest

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = self.opened(kwargs["slug"])
        if text:
            return self.answer(text)
        # Only who carries a session is asked for; anonymous pages neither read nor vary on cookies.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            raise Http404("There is no such text, or nobody may read it yet.")
        text = self.preview(get_object_or_404(self.readable_by_editors(), slug=kwargs["slug"]))
        response = self.answer(text, is_preview=True)
        add_never_cache_headers(response)
        return response

    def answer(self, text: Any, *, is_preview: bool = False) -> HttpResponse:
        hosts = markup.hosts_in(text.html)
        response = self.draw(text, has_players=bool(hosts), is_preview=is_preview)
        if hosts:
            allow_players(response, hosts)
        return response

    def draw(self, text: Any, *, has_players: bool, is_preview: bool) -> HttpResponse:
        raise NotImplementedError

    def opened(self, slug: str) -> Any:
        """The text, if anyone may read it."""
        raise NotImplementedError

    def preview(self, text: Any) -> Any:
        """The same of a text that only its editors may read."""
        return text

    def readable_by_editors(self) -> QuerySet:
        raise NotImplementedError


class PostView(ReadableView):
    def opened(self, slug: str) -> Opened | None:
        return opened(slug)

    def preview(self, text: Post) -> Opened:
        return Opened((), text, text.body_html)

    def readable_by_editors(self) -> PostQuerySet:
        return Post.objects.readable_by(self.request.user).for_page()

    def draw(self, text: Opened, *, has_players: bool, is_preview: bool) -> HttpResponse:
        post = text.post
        category = breadcrumbs.with_those_above(post.first_category)
        page = PageOf(
            text.rows,
            found_around(post, category),
            Same(self.request.site_settings),
            origin(self.request),
            self.request.path,
            post.is_listed,
            circumstances(),
            post,
            category,
            is_preview,
        )
        shows(self.request, counters=(CONTENT, SITE), posts=[post.pk])
        return HttpResponse(whole_page(self.request, page, markup.stored(text.html), has_players=has_players))


class PageView(ReadableView):
    template_name = "posts/page.html"

    def opened(self, slug: str) -> Page | None:
        return next(iter(_page.instances(slug=slug)), None)

    def readable_by_editors(self) -> QuerySet:
        return Page.objects.all() if self.request.user.has_perm("posts.change_page") else Page.objects.none()

    def draw(self, text: Page, *, has_players: bool, is_preview: bool) -> HttpResponse:
        shows(self.request, counters=(PAGES, SITE))
        found = versions(text, self.request.site_settings.language)
        others = [version for version in found if version.pk != text.pk]
        shown = {"page": text, "html": text.html, "versions": found, "other_versions": others}
        return self.render_to_response(self.get_context_data(**shown, has_players=has_players, is_preview=is_preview))


_page = Compiled(Page, lambda slug: Page.published.filter(slug=slug))


def allow_players(response: HttpResponse, hosts: Iterable[str]) -> None:
    """Let this page load players of these hosts, should its reader ask for one; no other page may."""
    policy: dict[str, Any] = {**settings.SECURE_CSP, "frame-src": [CSP.SELF, *(f"https://{host}" for host in hosts)]}
    # The middleware leaves a policy alone that is there already.
    response.headers[str(CSP.HEADER_ENFORCE)] = build_policy(policy)
