"""Where links lead: a name with its address, and addresses that are whole, with scheme and host."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest

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
    return urljoin(origin(request) + "/", path)


def whole_for(request: HttpRequest) -> Whole:
    """`absolute` for the addresses that the answer to this request names."""
    return partial(absolute, request)
