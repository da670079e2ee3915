"""RSS 2.0, of the whole site and of each category: full text, whole addresses, and GUIDs that never change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import escape
from django.utils.http import http_date, quote_etag
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.generic import View

from . import generation, markup
from .addresses import absolute, origin
from .managers import PostQuerySet
from .middleware import SiteRequest, activate
from .models import Category, Post, SiteSettings

LENGTH = 20
# Counted up when the feeds themselves change: what readers have kept is then out of date.
FORMAT = 1


class FullTextRss(Rss201rev2Feed):
    """RSS 2.0 with the full text in content:encoded and the authors in dc:creator.

    https://www.rssboard.org/rss-profile#namespace-elements-content
    """

    content_type = "application/rss+xml; charset=utf-8"

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        for name in item["authors"]:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", item["content"])


class RssFeed(View):
    """A feed that answers 304 from the generation alone, without a look at what it shows."""

    request: SiteRequest
    # Of other applications, whose changes this feed shows as well; see `posts.generation`.
    counters: tuple[int, ...] = ()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        view = super().as_view(**initkwargs)
        view.without_site_settings = True  # type: ignore[attr-defined]  # a 304 needs none; for the middleware
        return view

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        # Before anything that is shown: what changes meanwhile then counts as new at the next request.
        validators = self.validators(generation.current(*self.counters))
        subject = self.get_subject()
        response = get_conditional_response(request, **validators)
        if response is None:
            response = HttpResponse(self.rss(subject), content_type=FullTextRss.content_type)
        response.headers["ETag"] = validators["etag"]
        if validators["last_modified"]:
            response.headers["Last-Modified"] = http_date(validators["last_modified"])
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        return response

    def validators(self, freshness: generation.Freshness) -> dict[str, Any]:
        """The ETag, and the time of the last change in seconds.

        The time is left out within the very second of a change: HTTP dates have no fractions, so that a second change
        in it would go unseen.
        """
        seconds = int(freshness.last_modified.timestamp())
        return {
            "etag": quote_etag(f"{FORMAT}-{origin(self.request)}-{freshness.etag}"),
            "last_modified": seconds if seconds < int(timezone.now().timestamp()) else None,
        }

    def rss(self, subject: Any) -> bytes:
        site = self.request.site_settings
        activate(site)
        feed = FullTextRss(
            title=self.title(subject, site),
            link=absolute(self.request, self.page_path(subject)),
            description=self.description(subject, site),
            language=site.language,
            feed_url=absolute(self.request, self.request.path),
        )
        for item in self.items(subject):
            feed.add_item(**item)
        return feed.writeString("utf-8").encode()

    def get_subject(self) -> Any:
        return None

    def title(self, subject: Any, site: SiteSettings) -> str:
        return site.title

    def description(self, subject: Any, site: SiteSettings) -> str:
        return site.description or site.tagline or site.title

    def page_path(self, subject: Any) -> str:
        return reverse("posts:home")

    def items(self, subject: Any) -> Iterable[dict[str, Any]]:
        """The arguments of `add_item()` for each item, the newest first."""
        raise NotImplementedError


class SiteFeed(RssFeed):
    """The newest posts of the site."""

    def items(self, subject: Any) -> Iterable[dict[str, Any]]:
        return map(self.item, self.posts(subject).newest_first().for_feed()[:LENGTH])

    def posts(self, subject: Any) -> PostQuerySet:
        return Post.published.syndicated()

    def item(self, post: Post) -> dict[str, Any]:
        url = absolute(self.request, post.get_absolute_url())
        return {
            "title": post.title,
            "link": url,
            "description": escape(post.teaser),
            "content": markup.for_feed(post.html, url),
            "authors": [author.display_name for author in post.byline],
            "categories": [*(category.name for category in post.categories.all()), *(t.name for t in post.tags.all())],
            "pubdate": post.publish_at,
            "unique_id": post.guid,
            "unique_id_is_permalink": False,
        }


class CategoryFeed(SiteFeed):
    """The newest posts of a category and of all below it."""

    def get_subject(self) -> Category:
        return get_object_or_404(Category.objects, slug=self.kwargs["slug"])

    def title(self, subject: Category, site: SiteSettings) -> str:
        return f"{subject.name} · {site.title}"

    def description(self, subject: Category, site: SiteSettings) -> str:
        return subject.description or super().description(subject, site)

    def page_path(self, subject: Category) -> str:
        return subject.get_absolute_url()

    def posts(self, subject: Category) -> PostQuerySet:
        return Post.published.syndicated().in_categories(subject.family())
