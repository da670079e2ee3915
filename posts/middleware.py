from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from .generation import SITE
from .models import SiteSettings
from .state import Kept

site_settings = Kept(SiteSettings.load, (SITE,))


class SiteRequest(HttpRequest):
    """A request that has passed the middleware below."""

    site_settings: SiteSettings


class SiteSettingsMiddleware:
    """Give each request the site's settings, its language and its time zone, and only if wanted.

    The settings are one object for all requests, until they change. Requests for files and probes ask for none of the
    three and cost no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: SiteRequest) -> HttpResponse:
        request.site_settings = cast("SiteSettings", SimpleLazyObject(partial(site_settings.get, request)))
        return self.get_response(request)

    def process_view(self, request: SiteRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if not getattr(view, "without_site_settings", False):
            # The settings themselves, since pages ask them a hundred questions.
            request.site_settings = site_settings.get(request)
            activate(request.site_settings)


def activate(settings: SiteSettings) -> None:
    """Make the site's language and time zone those of the current thread."""
    translation.activate(settings.language)
    timezone.activate(settings.time_zone)


@contextmanager
def activated(settings: SiteSettings) -> Iterator[None]:
    """The same for a block of a command; afterwards all is as before."""
    with translation.override(settings.language), timezone.override(settings.time_zone):
        yield
