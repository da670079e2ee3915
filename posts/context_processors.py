from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject

from .addresses import absolute
from .middleware import SiteRequest
from .models import Page


def site(request: SiteRequest) -> dict[str, Any]:
    """The site's settings and its menu, each one query and only where a template asks for it."""
    return {
        "site": request.site_settings,
        "menu": SimpleLazyObject(lambda: list(Page.published.in_menu().defer("body", "body_html", "toc"))),
        "page_url": absolute(request, request.path),
    }
