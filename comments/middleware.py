"""Pages for one browser alone: a request that carries the cookie of a comment's writer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from posts.middleware import SiteRequest

from . import own


class OwnCommentsMiddleware:
    """Keep what such a request gets out of every cache, and take the cookie back once it is good for nothing."""

    def __init__(self, get_response: Callable[[SiteRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        response = self.get_response(request)
        if own.COOKIE not in request.COOKIES:
            return response
        add_never_cache_headers(response)
        patch_vary_headers(response, ["Cookie"])
        if own.COOKIE not in response.cookies and not own.matter(own.ids(request), request.site_settings):
            own.withdraw(request, response)
        return response
