from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject

from .addresses import absolute
from .middleware import SiteRequest
from .ways import menus


def site(request: SiteRequest) -> dict[str, Any]:
    """The site's settings and its menus, each one query and only where a template asks for it."""
    return {
        "site": request.site_settings,
        "menus": SimpleLazyObject(menus.load),
        "page_url": absolute(request, request.path),
    }
