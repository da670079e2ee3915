"""What a request asks for, in one spelling; and who is sent past the cache.

A page for everybody depends on nothing but its key. So it is rendered from the key alone, by a request that carries no
cookie, no condition and no preference of whoever happened to be the first to ask.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import parse_cookie
from django.urls import reverse

from blogsite.gate import Scope
from comments import own
from posts import pagination, questions
from posts.serving import best_encoding
from posts.shown import Note

# Any other parameter, such as utm_source, is for programs that read addresses, and makes no other page.
PARAMETERS = frozenset({*questions.NAMES, *pagination.NAMES})
# What nobody asks for who wants a page, and what would fill the memory: these go to Django.
LONGEST_HEADER = 300
LONGEST_ADDRESS = 2000
# How many spellings are remembered, and up to which length together.
MOST_SPELLINGS = 4096
LONGEST_SPELLING = 500

PROTO = b"x-forwarded-proto"
# A condition that only Django knows how to judge, a name, a password, or a body.
REMARKABLE = frozenset(
    {
        b"authorization",
        b"content-length",
        b"if-match",
        b"if-modified-since",
        b"if-unmodified-since",
        b"transfer-encoding",
    }
)


class Key(NamedTuple):
    """All that a page for everybody depends on; the scheme and the host are those that Django sees."""

    scheme: str
    host: str
    path: str
    query: bytes


class Asked(NamedTuple):
    """What a request asks for.

    `encoding` is that to answer in, "" for none; `is_whole` tells that no parameter was left out; `tags` is the header
    If-None-Match.
    """

    key: Key
    encoding: str
    is_whole: bool
    is_head: bool
    tags: bytes | None


class Spelling(NamedTuple):
    """All of a request that tells what it asks for, as it was sent."""

    method: str
    scheme: str
    path: str
    query: bytes
    host: bytes | None
    accepted: bytes | None
    tags: bytes | None
    proto: bytes | None


class Reader:
    """Reads requests. It remembers what was spelt how, since the same comes again and again."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Asked | None] = {}
        self._cookies = [settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name, own.COOKIE]
        self._like_cookies = re.compile("|".join(map(re.escape, self._cookies)).encode())
        # Files have answers of their own, and editors are signed in.
        self._passed = (settings.STATIC_URL, settings.MEDIA_URL, reverse("admin:index"))
        # They must not depend on anything.
        self._probes = {reverse(name) for name in ("healthz", "readyz", "metrics")}
        self._seen_by_django = lru_cache(maxsize=256)(seen_by_django)

    def read(self, scope: Scope) -> Asked | None:
        """What a request asks for that a page for everybody may answer; None for all others."""
        listed = scope["headers"]
        headers = dict(listed)
        if len(headers) != len(listed):
            headers = joined(listed)
        cookie = headers.get(b"cookie")
        if cookie is not None and self._like_cookies.search(cookie) and self._is_known(cookie):
            return None
        if not REMARKABLE.isdisjoint(headers) and is_for_django(headers):
            return None
        # A Spelling, but for the time that it takes to make one.
        spelling = (
            scope["method"],
            scope["scheme"],
            scope["path"],
            scope["query_string"],
            headers.get(b"host"),
            headers.get(b"accept-encoding"),
            headers.get(b"if-none-match"),
            headers.get(PROTO),
        )
        try:
            return self._known[spelling]
        except KeyError:
            return self._remember(Spelling(*spelling))

    def _is_known(self, cookie: bytes) -> bool:
        """Whether somebody may get pages of their own by one of these cookies. No other one is read for a page."""
        return not parse_cookie(cookie.decode("latin-1")).keys().isdisjoint(self._cookies)

    def _remember(self, spelling: Spelling) -> Asked | None:
        asked = self._parsed(spelling)
        if sum(map(len, filter(None, spelling))) <= LONGEST_SPELLING:
            if len(self._known) >= MOST_SPELLINGS:
                self._known.clear()
            self._known[spelling] = asked
        return asked

    def _parsed(self, spelling: Spelling) -> Asked | None:
        method, scheme, path, query, host, accepted, tags, proto = spelling
        if method not in {"GET", "HEAD"} or path.startswith(self._passed) or path in self._probes:
            return None
        if not query.isascii() or len(path) + len(query) > LONGEST_ADDRESS:
            return None
        if max(len(host or b""), len(proto or b"")) > LONGEST_HEADER:
            return None
        seen = self._seen_by_django(scheme, host or b"", proto)
        if seen is None:
            return None
        known = known_part(query)
        encoding = best_encoding((accepted or b"").decode("latin-1"))
        return Asked(Key(*seen, path, known), encoding, known == query, method == "HEAD", tags)


def joined(listed: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers that came several times, as Django joins them."""
    headers: dict[bytes, bytes] = {}
    for name, value in listed:
        between = b"; " if name == b"cookie" else b","
        headers[name] = headers[name] + between + value if name in headers else value
    return headers


def is_for_django(headers: Mapping[bytes, bytes]) -> bool:
    """Whether there is something REMARKABLE that matters.

    Beside If-None-Match a date is to be ignored (RFC 9110, section 13.1.3).
    """
    return REMARKABLE.intersection(headers) != {b"if-modified-since"} or b"if-none-match" not in headers


def known_part(query: bytes) -> bytes:
    """A query without the parameters that no page reads; what is left keeps its order and its spelling."""
    pieces = query.split(b"&")
    return b"&".join(piece for piece in pieces if unquote_plus(piece.partition(b"=")[0].decode()) in PARAMETERS)


def seen_by_django(scheme: str, host: bytes, proto: bytes | None) -> tuple[str, str] | None:
    """The scheme and the host of a request as Django sees them; None for a host that it refuses.

    Who spells the name of a host in another way asks for the same page (RFC 9110, section 4.2.3).
    """
    headers = [(b"host", host)] + ([(PROTO, proto)] if proto is not None else [])
    scope = {"type": "http", "method": "GET", "path": "/", "scheme": scheme, "headers": headers}
    request = ASGIRequest(scope, BytesIO())
    try:
        return request.scheme or "http", request.get_host().lower()
    except DisallowedHost:
        return None


def request_for(key: Key, note: Note) -> Scope:
    """The scope of a request for this page that comes from nobody in particular."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": key.scheme,
        "root_path": "",
        "path": key.path,
        "query_string": key.query,
        "headers": [(b"host", key.host.encode("latin-1")), (PROTO, key.scheme.encode())],
        "blogsite.page": note,
    }
