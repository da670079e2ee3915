"""What a request asks for, in one spelling; and who is sent past the cache.

A page for everybody depends on nothing but its key. So it is rendered from the key alone, by a request that carries no
cookie, no condition and no preference of whoever happened to be the first to ask.
"""

from __future__ import annotations

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
        b"cookie",
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


class Address(NamedTuple):
    """A key, the encoding to answer in ("" for none), and whether no parameter was left out."""

    key: Key
    encoding: str
    is_whole: bool


class Asked(NamedTuple):
    """What a request asks for; `tags` is its If-None-Match."""

    key: Key
    encoding: str
    is_whole: bool
    is_head: bool
    tags: bytes | None


class Reader:
    """Reads requests. It remembers how addresses were spelt, since the same ones come again and again."""

    def __init__(self) -> None:
        self._addresses: dict[tuple[Any, ...], Address | None] = {}
        self._cookies = [settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name, own.COOKIE]
        self._cookie_bytes = [name.encode() for name in self._cookies]
        # Files have answers of their own; probes must not depend on anything; editors are signed in.
        self._passed = (
            settings.STATIC_URL,
            settings.MEDIA_URL,
            reverse("admin:index"),
            reverse("healthz"),
            reverse("readyz"),
        )
        self._seen_by_django = lru_cache(maxsize=256)(seen_by_django)

    def read(self, scope: Scope) -> Asked | None:
        """What a request asks for that a page for everybody may answer; None for all others."""
        method = scope["method"]
        if method not in {"GET", "HEAD"}:
            return None
        listed = scope["headers"]
        headers = dict(listed)
        if len(headers) != len(listed):
            headers = joined(listed)
        if not REMARKABLE.isdisjoint(headers) and self._is_for_django(headers):
            return None
        address = self._address(scope, headers)
        if address is None:
            return None
        return Asked(*address, method == "HEAD", headers.get(b"if-none-match"))

    def _is_for_django(self, headers: Mapping[bytes, bytes]) -> bool:
        remarkable = REMARKABLE.intersection(headers)
        if b"cookie" in remarkable and self._is_known(headers[b"cookie"]):
            return True
        # With If-None-Match, the date is to be ignored (RFC 9110, section 13.1.3).
        ignored = {b"cookie", b"if-modified-since"} if b"if-none-match" in headers else {b"cookie"}
        return not remarkable <= ignored

    def _is_known(self, cookie: bytes) -> bool:
        """Whether somebody may get pages of their own by one of these cookies. No other one is read for a page."""
        if not any(name in cookie for name in self._cookie_bytes):
            return False
        return not parse_cookie(cookie.decode("latin-1")).keys().isdisjoint(self._cookies)

    def _address(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Address | None:
        spelling = (
            scope["path"],
            scope["query_string"],
            headers.get(b"host", b""),
            headers.get(b"accept-encoding", b""),
            headers.get(PROTO),
            scope["scheme"],
        )
        try:
            return self._addresses[spelling]
        except KeyError:
            return self._remember(spelling)

    def _remember(self, spelling: tuple[Any, ...]) -> Address | None:
        address = self._parsed(*spelling)
        if sum(map(len, filter(None, spelling))) <= LONGEST_SPELLING:
            if len(self._addresses) >= MOST_SPELLINGS:
                self._addresses.clear()
            self._addresses[spelling] = address
        return address

    def _parsed(
        self, path: str, query: bytes, host: bytes, accepted: bytes, proto: bytes | None, scheme: str
    ) -> Address | None:
        if path.startswith(self._passed) or len(path) + len(query) > LONGEST_ADDRESS:
            return None
        if not query.isascii() or len(host) > LONGEST_HEADER or len(proto or b"") > LONGEST_HEADER:
            return None
        seen = self._seen_by_django(scheme, host, proto)
        if seen is None:
            return None
        asked = known_part(query)
        return Address(Key(*seen, path, asked), best_encoding(accepted.decode("latin-1")), asked == query)


def joined(listed: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers that came several times, as Django joins them."""
    headers: dict[bytes, bytes] = {}
    for name, value in listed:
        between = b"; " if name == b"cookie" else b","
        headers[name] = headers[name] + between + value if name in headers else value
    return headers


def known_part(query: bytes) -> bytes:
    """A query without the parameters that no page reads; what is left keeps its order and its spelling."""
    pieces = query.split(b"&")
    return b"&".join(piece for piece in pieces if unquote_plus(piece.partition(b"=")[0].decode()) in PARAMETERS)


def seen_by_django(scheme: str, host: bytes, proto: bytes | None) -> tuple[str, str] | None:
    """The scheme and the host of a request as Django sees them; None for a host that it refuses."""
    headers = [(b"host", host)] + ([(PROTO, proto)] if proto is not None else [])
    scope = {"type": "http", "method": "GET", "path": "/", "scheme": scheme, "headers": headers}
    request = ASGIRequest(scope, BytesIO())
    try:
        return request.scheme or "http", request.get_host()
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
