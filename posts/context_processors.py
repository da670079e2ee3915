from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.functional import SimpleLazyObject

from .addresses import origin, whole_address
from .middleware import SiteRequest
from .ways import menus


def site(request: SiteRequest) -> dict[str, Any]:
    """The site's settings and its menus."""
    own_origin = origin(request)
    return {
        "origin": own_origin,
        "site": request.site_settings,
        "menus": SimpleLazyObject(partial(menus.of, request)),
        "page_url": whole_address(own_origin, request.path),
    }
