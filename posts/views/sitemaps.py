"""The sitemap: its index, and its parts."""

from __future__ import annotations

from django.http import Http404

from .. import generation, serving, sitemaps
from ..addresses import Whole, whole_for

CONTENT_TYPE = "application/xml; charset=utf-8"


class SitemapView(serving.KeptView):
    """The index."""

    shelf = serving.sitemaps
    counters = (generation.PAGES,)

    def document(self) -> serving.Document:
        return serving.Document(self.xml(whole_for(self.request)).encode(), CONTENT_TYPE)

    def xml(self, whole: Whole) -> str:
        return sitemaps.index_xml(sitemaps.parts(), whole)


class PartView(SitemapView):
    def xml(self, whole: Whole) -> str:
        entries = sitemaps.entries(self.kwargs["kind"], int(self.kwargs["number"]), self.request.site_settings)
        if not entries:
            raise Http404("There is no such part of the sitemap.")
        return sitemaps.part_xml(entries, whole)
