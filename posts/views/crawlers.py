"""Texts for machines: what to fetch, what there is to read, and whom to tell of a hole."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.views.generic import View

from .. import crawlers, security
from ..addresses import absolute, whole_for
from ..generation import CONTENT, PAGES, SITE
from ..middleware import SiteRequest
from ..models import CrawlerPolicy, Page, Post
from ..opened import opened_whole
from ..shown import shows

PLAIN = "text/plain; charset=utf-8"
MARKDOWN = "text/markdown; charset=utf-8"
# Whoever keeps a copy asks whether it still holds: what is taken down is gone at once.
ASK = {"Cache-Control": "public, max-age=0"}


class MarkdownOnly(View):
    """What is there only if the owner of the site offers Markdown."""

    request: SiteRequest

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if self.request.site_settings.crawler_policy != CrawlerPolicy.MARKDOWN:
            raise Http404("This site offers no Markdown.")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]  # no method here is async


class MarkdownView(MarkdownOnly):
    """A post as it was written. Search engines keep its page instead."""

    def get(self, request: SiteRequest, slug: str) -> HttpResponse:
        post = opened_whole(slug)
        if post is None:
            raise Http404("There is no such text, or nobody may read it yet.")
        url = absolute(request, post.get_absolute_url())
        text = crawlers.markdown_of(post, request.site_settings, url)
        shows(request, counters=(CONTENT, SITE))
        canonical = iri_to_uri(post.canonical_url or url)
        headers = {**ASK, "X-Robots-Tag": "noindex", "Link": f'<{canonical}>; rel="canonical"'}
        return HttpResponse(text, content_type=MARKDOWN, headers=headers)


class LlmsView(MarkdownOnly):
    def get(self, request: SiteRequest) -> HttpResponse:
        long = ("body", "body_html", "toc")
        posts = Post.published.listed().newest_first().defer(*long)[: crawlers.MAX_POSTS]
        pages = Page.published.order_by("title", "pk").defer(*long)[: crawlers.MAX_PAGES]
        text = crawlers.llms_txt(request.site_settings, posts, pages, whole_for(request))
        shows(request, counters=(CONTENT, PAGES, SITE))
        return HttpResponse(text, content_type=PLAIN, headers=ASK)


class SecurityView(View):
    def get(self, request: SiteRequest) -> HttpResponse:
        site = request.site_settings
        if not site.security_contact:
            raise Http404("The owner of this site has named no contact.")
        today = timezone.now().date()
        shows(request, counters=(SITE,), until=datetime.combine(today + timedelta(days=1), time(), UTC))
        text = security.security_txt(site.security_contact, absolute(request, request.path), site.language, today)
        return HttpResponse(text, content_type=PLAIN)
