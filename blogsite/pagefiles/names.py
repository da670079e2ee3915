"""Which answers may be files, and by which names: only those that a web server can give again by their path alone.

deploy/nginx.conf makes the same name of the address of a request, byte for byte as it was sent. Whatever is spelt in
another way has no file, and comes to the service.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from urllib.parse import quote

from blogsite.pagecache.answers import OF_ONE_ENCODING
from blogsite.security_headers import security_headers
from posts.serving import CACHE_CONTROL

# No part of an address begins with a dot, so that none leads upwards.
ADDRESS = re.compile(r"/(?:[A-Za-z0-9_~%-][A-Za-z0-9_.~%-]*/)*", re.ASCII)
# File systems take 255 bytes for a part of a path, and 4096 for all.
LONGEST_PART = 200
LONGEST_ADDRESS = 1000

PAGE = "index.html"


def file_name(path: str, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The name of the file for the answer with these headers at a path; None if it may not be one.

    A name begins with "/". A web server that gives the file sends exactly these headers; those of an encoding it sends
    in its own way.
    """
    address = quote(path, safe="/~")
    told = {name: value for name, value in headers if name not in OF_ONE_ENCODING}
    return address + PAGE if is_plain(address) and told == usual_headers() else None


def is_plain(address: str) -> bool:
    parts = address.split("/")
    is_short = len(address) <= LONGEST_ADDRESS and max(map(len, parts)) <= LONGEST_PART
    return is_short and ADDRESS.fullmatch(address) is not None


@cache
def usual_headers() -> dict[bytes, bytes]:
    """What every page says, as the settings want it: deploy/nginx.conf says the same."""
    told = {"content-type": "text/html; charset=utf-8", "cache-control": CACHE_CONTROL, **security_headers()}
    return {name.encode(): value.encode() for name, value in told.items()}
