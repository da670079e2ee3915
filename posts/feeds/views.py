"""The feeds of posts, and what all feeds share."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.http import urlencode

from .. import serving
from ..addresses import absolute, origin
from ..middleware import activate
from ..models import SiteSettings
from ..pagination import Slice, cut
from . import subjects, subscribers
from .documents import Feed, Place, Podcast
from .formats import RSS, Format
from .items import Around, find, items_of


class FeedView(serving.KeptView):
    """A feed in one format."""

    format: Format = RSS
    shelf = serving.feeds

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        response = super().get(request, **kwargs)
        subscribers.note(request)
        return response

    def document(self) -> serving.Document:
        site = self.request.site_settings
        activate(site)
        feed = self.feed(site)
        return serving.Document(self.format.write(feed), self.format.content_type, links_of(feed))

    def feed(self, site: SiteSettings) -> Feed:
        raise NotImplementedError

    def place(self, page: Slice) -> Place:
        """Where this page stands. Raises Http404 for one on which nothing is."""
        if not (page.is_first or page.rows):
            raise Http404("Nothing lies in this direction.")
        first = absolute(self.request, escape_uri_path(self.request.path))

        def beside(name: str, position: Any) -> str:
            return f"{first}?{urlencode({name: position})}" if position else ""

        asked = {name: self.request.GET.get(name) for name in ("before", "after")}
        own = next((beside(name, position) for name, position in asked.items() if position), first)
        return Place(own, first, beside("before", page.older), beside("after", page.newer))


class PostFeed(FeedView):
    """The newest posts of a subject."""

    subject: Callable[..., subjects.Subject] = staticmethod(subjects.site)

    def feed(self, site: SiteSettings) -> Feed:
        subject = self.subject(**self.kwargs)
        page = cut(partial(find, subject.kind, subject.pk), self.request, site.feed_length)
        around = Around(origin(self.request), site.language, site.feed_full_text)
        return Feed(
            title=f"{subject.name} · {site.title}" if subject.name else site.title,
            description=subject.description or site.description or site.tagline or site.title,
            language=site.language,
            home=absolute(self.request, subject.path),
            place=self.place(page),
            items=items_of(page.rows, around),
            hub=iri_to_uri(site.websub_hub) if page.is_first else "",
            podcast=podcast_of(site, self.request),
        )


def podcast_of(site: SiteSettings, request: HttpRequest) -> Podcast | None:
    """The show, once the settings tell anything about it."""
    image = site.podcast_image
    if not (image or site.podcast_category or site.podcast_author or site.podcast_email):
        return None
    return Podcast(
        author=site.podcast_author or site.title,
        email=site.podcast_email,
        category=site.podcast_category,
        image=absolute(request, image.file.url) if image else "",
        is_explicit=site.podcast_explicit,
    )


def links_of(feed: Feed) -> str:
    """The header by which WebSub finds the hub and the topic (https://www.w3.org/TR/websub/#discovery)."""
    links = {"hub": feed.hub, "self": feed.place.own}
    return ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items()) if feed.hub else ""
