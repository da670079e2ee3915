"""The sitemap: its index, and its parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.generic import View

from .. import generation, sitemaps
from ..addresses import Whole, whole_for
from ..feeds import serving
from ..middleware import SiteRequest

CONTENT_TYPE = "application/xml; charset=utf-8"
# Bytes that a process keeps. Feeds have a shelf of their own, so that no crawler of sitemaps clears it.
shelf = serving.Shelf(16 * 1024 * 1024)


class SitemapView(View):
    """The index; made when something is new (see `posts.feeds.serving`)."""

    request: SiteRequest
    http_method_names = ["get", "head", "options"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        view = super().as_view(**initkwargs)
        view.without_site_settings = True  # type: ignore[attr-defined]  # a 304 needs none; for the middleware
        return view

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return serving.serve(request, self.document, (generation.PAGES,), shelf)

    def document(self) -> serving.Document:
        return serving.Document(self.xml(whole_for(self.request)).encode(), CONTENT_TYPE, "")

    def xml(self, whole: Whole) -> str:
        return sitemaps.index_xml(sitemaps.parts(), whole)


class PartView(SitemapView):
    def xml(self, whole: Whole) -> str:
        entries = sitemaps.entries(self.kwargs["kind"], int(self.kwargs["number"]), self.request.site_settings)
        if not entries:
            raise Http404("There is no such part of the sitemap.")
        return sitemaps.part_xml(entries, whole)
