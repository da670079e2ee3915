"""What caches are told of pages for everybody: keep them, but ask each time whether they are still true.

Whoever asks gets a 304, which costs next to nothing, and what has been taken down is gone at once. A CDN may be given
some seconds in which it need not ask (CDN_SECONDS), and names by which to forget what has changed (CDN_KEYS).
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import has_vary_header
from django.utils.http import quote_etag

from comments.generation import CONVERSATION
from posts.generation import CONTENT, FINDABLE, PAGES, SITE, SURROUNDINGS
from posts.serving import CACHE_CONTROL, digest
from posts.shown import Note

# What caches would keep by rules of their own, if they were told nothing (RFC 9110, section 15.1).
TOLD = {
    HTTPStatus.OK,
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.NOT_MODIFIED,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.GONE,
}
NAMES = {
    CONTENT: "content",
    CONVERSATION: "conversation",
    PAGES: "pages",
    SURROUNDINGS: "surroundings",
    SITE: "site",
    FINDABLE: "findable",
}


class ConditionalMiddleware(ConditionalGetMiddleware):
    """304 by an ETag of the whole answer, where the page cache does not see to it: it makes the same ETag, but once."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if "blogsite.page" in getattr(request, "scope", {}):
            return response
        content = response.content if isinstance(response, HttpResponse) else b""
        if content and request.method == "GET" and self.needs_etag(response):
            response.headers.setdefault("ETag", quote_etag(digest(content)))
        return super().process_response(request, response)


class CachingMiddleware:
    """Tell caches what they may do with an answer that says nothing about it, and is the same for everybody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method not in {"GET", "HEAD"} or response.status_code not in TOLD:
            return response
        if response.cookies or has_vary_header(response, "Cookie"):
            return response
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        if response.headers["Cache-Control"] == CACHE_CONTROL:
            tell_cdn(request, response)
        return response


def tell_cdn(request: HttpRequest, response: HttpResponse) -> None:
    if settings.CDN_SECONDS and response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        response.headers["Cache-Control"] = f"public, max-age=0, s-maxage={settings.CDN_SECONDS}, must-revalidate"
    if settings.CDN_KEYS:
        between = "," if settings.CDN_KEYS == "Cache-Tag" else " "
        response.headers[settings.CDN_KEYS] = between.join(keys(getattr(request, "scope", {}).get("blogsite.page")))


def keys(note: Note | None) -> list[str]:
    """The names of all that an answer shows. Without a page cache in front, nobody has asked what that is."""
    if note is None or note.counters is None:
        return list(NAMES.values())
    around = () if SURROUNDINGS in note.counters else note.posts
    return [NAMES[counter] for counter in sorted(note.counters)] + [name_around(post) for post in sorted(around)]


def name_around(post: int) -> str:
    """The name of what stands around a post, by its id."""
    return f"post-{post}"
