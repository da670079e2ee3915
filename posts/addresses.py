"""Where links lead: a name with its address, and addresses that are whole, with scheme and host."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import NamedTuple
from urllib.parse import quote, urljoin

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

# Of addresses that were worked out, by each of the two ways below.
MAX_KEPT = 4000

_ANY_SLUG = "any-slug-at-all"

type Whole = Callable[[str], str]
"""What puts the site's origin before a path."""


class Link(NamedTuple):
    """What a reader sees of a link, and where it leads."""

    name: str
    url: str


def origin(request: HttpRequest) -> str:
    """The site's own scheme and host: SITE_URL, or else the request's, which ALLOWED_HOSTS has vouched for."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def absolute(request: HttpRequest, path: str) -> str:
    """`path` with the site's origin before it; a whole address stays as it is."""
    return whole_address(origin(request), path)


def whole_for(request: HttpRequest) -> Whole:
    """`absolute` for the addresses that the answer to this request names."""
    return partial(whole_address, origin(request))


@lru_cache(maxsize=MAX_KEPT)
def whole_address(origin: str, path: str) -> str:
    return urljoin(f"{origin}/", path)


def path_to(name: str, *args: str | int) -> str:
    """Django's `reverse`, which works out each address anew, for those that stand on many pages."""
    match args:
        case (str(slug),):
            before, after = _around(get_script_prefix(), name)
            return f"{before}{slug if slug.isascii() else quote(slug)}{after}"
    return _path_to(get_script_prefix(), name, *args)


@lru_cache(maxsize=MAX_KEPT)
def _path_to(_prefix: str, name: str, *args: str | int) -> str:
    return reverse(name, args=args)


@cache
def _around(_prefix: str, name: str) -> tuple[str, str]:
    """What stands before and after the slug in an address that is made of it alone."""
    before, _, after = reverse(name, args=[_ANY_SLUG]).partition(_ANY_SLUG)
    return before, after
