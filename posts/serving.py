"""Answers to those who ask whether a feed or a sitemap is new: mostly it is not, and that must cost next to nothing.

What was made for one generation of the content (see `posts.generation`) is kept in the process. While the generation
stays, an answer, 200 or 304, costs the query for its number. Once it has turned, the document is made anew; and where
that gives the same bytes, as after a change elsewhere on the site, their ETag is the same, too, and clients get 304.

ETags are made of the bytes that are sent, so that every process gives the same ones, and each encoding its own. A
client may keep an answer, but asks before it shows it again (`max-age=0`): what has been taken down is gone with the
next request, and to ask costs less than to explain. How often to ask is told in the feeds themselves (ttl).
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import brotli
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe, quote_etag
from django.views.generic import View

from . import generation, state
from .addresses import origin
from .middleware import SiteRequest
from .pagination import NAMES
from .shown import shows

CACHE_CONTROL = "public, max-age=0, must-revalidate"
# Bytes that a process keeps on a shelf, before they are compressed.
ROOM = 16 * 1024 * 1024
# A change is dated before it is committed, by a clock that need not be ours. Within this time another one may still
# come to light that bears the same second, which is all that an HTTP date can tell.
SETTLING = timedelta(minutes=1)

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=6),
    # Without the time of compression, so that all processes make the same bytes.
    "gzip": lambda content: gzip.compress(content, compresslevel=6, mtime=0),
    "": lambda content: content,
}


@dataclass(frozen=True)
class Document:
    """A feed or a part of the sitemap as it was made; `links` is its header Link."""

    content: bytes
    content_type: str
    links: str = ""


def digest(content: bytes) -> str:
    """What an ETag says of the bytes that it stands for. Most processors have an instruction for it."""
    return hashlib.sha256(content).hexdigest()[:32]


class Body(NamedTuple):
    content: bytes
    etag: str


@dataclass
class Copy:
    """A document, and the freshness of the content that it was made of; None if that changed meanwhile.

    `since`, in seconds, is when this process first saw this document. It is given as Last-Modified once it is certain
    that no other state of the content bears the same date. Each date then stands for one document, in all processes.
    """

    document: Document
    freshness: generation.Freshness | None
    since: int | None = None
    bodies: dict[str, Body] = field(default_factory=dict)

    def body(self, encoding: str) -> Body:
        if encoding not in self.bodies:
            content = ENCODERS[encoding](self.document.content)
            self.bodies[encoding] = Body(content, quote_etag(digest(content)))
        return self.bodies[encoding]

    def last_modified(self, now: datetime, asked: int | None) -> int | None:
        """The date to answer with to a client that has the document of the date `asked`, if any.

        The document may have been another one for a while without this process noticing. So a date is known or it is
        not; to be later than `since` is not enough, unless nothing at all has changed after it.
        """
        if self.freshness is None:
            return None
        changed_at = self.freshness.last_modified
        if now - changed_at >= SETTLING:
            self.since = self.since if self.since is not None else seconds(changed_at)
            return self.since if asked in (None, self.since) else seconds(changed_at)
        return self.since if asked in (None, self.since) else None


class Shelf:
    """The copies that were asked for last, as many as there is room for."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._copies: OrderedDict[tuple[str, str], Copy] = OrderedDict()
        self._taken = 0

    def get(self, key: tuple[str, str]) -> Copy | None:
        with self._lock:
            if key in self._copies:
                self._copies.move_to_end(key)
            return self._copies.get(key)

    def put(self, key: tuple[str, str], copy: Copy) -> None:
        with self._lock:
            self._drop(key)
            self._copies[key] = copy
            self._taken += len(copy.document.content)
            while self._taken > self._room:
                self._drop(next(iter(self._copies)))

    def clear(self) -> None:
        with self._lock:
            self._copies.clear()
            self._taken = 0

    def _drop(self, key: tuple[str, str]) -> None:
        if dropped := self._copies.pop(key, None):
            self._taken -= len(dropped.document.content)


feeds = Shelf()
# One of its own, so that no crawler of sitemaps clears that of feeds.
sitemaps = Shelf()


class KeptView(View):
    """A document that is made when something is new, and kept on a shelf. It answers as `serve` does."""

    request: SiteRequest
    http_method_names = ["get", "head", "options"]
    shelf: Shelf
    # Of other applications, whose changes the document shows as well; see `posts.generation`.
    counters: tuple[int, ...] = ()

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        view = super().as_view(**initkwargs)
        view.without_site_settings = True  # type: ignore[attr-defined]  # a 304 needs none; for the middleware
        return view

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return serve(request, self.document, self.counters, self.shelf)

    def document(self) -> Document:
        raise NotImplementedError


def serve(
    request: HttpRequest, make: Callable[[], Document], counters: tuple[int, ...], shelf: Shelf
) -> HttpResponseBase:
    """Answer with what `make` makes, as far as the client does not have it already.

    Only the first page of a feed is kept, on the `shelf`: of the others there is no end.
    """
    key = (origin(request), request.path)
    # Before anything that is shown: what changes meanwhile then counts as new at the next request.
    freshness = generation.current(*counters, state=state.of(request))
    copy = made(make, freshness, counters) if is_page(request) else kept(key, make, counters, freshness, shelf)
    # A page cache in front asks again once there is a date to give.
    settled = freshness.last_modified + SETTLING
    shows(request, counters=(generation.CONTENT, *counters), until=settled if timezone.now() < settled else None)
    return answer(request, copy)


def kept(
    key: tuple[str, str],
    make: Callable[[], Document],
    counters: tuple[int, ...],
    freshness: generation.Freshness,
    shelf: Shelf,
) -> Copy:
    """The copy on the shelf, or a new one if that is out of date."""
    copy = shelf.get(key)
    if copy is not None and copy.freshness == freshness:
        return copy
    fresh = made(make, freshness, counters)
    if copy and copy.document == fresh.document:
        fresh.since, fresh.bodies = copy.since, copy.bodies
    if fresh.freshness:
        shelf.put(key, fresh)
    return fresh


def is_page(request: HttpRequest) -> bool:
    """Whether it asks for another page of a feed than the first."""
    return any(name in request.GET for name in NAMES)


def made(make: Callable[[], Document], freshness: generation.Freshness, counters: tuple[int, ...]) -> Copy:
    document = make()
    return Copy(document, freshness if generation.current(*counters) == freshness else None)


def answer(request: HttpRequest, copy: Copy) -> HttpResponseBase:
    encoding = best_encoding(request.headers.get("Accept-Encoding", ""))
    # GZipMiddleware reads no weights: it would compress once more for a client that refuses it.
    request.META["HTTP_ACCEPT_ENCODING"] = encoding
    body = copy.body(encoding)
    asked = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    modified = copy.last_modified(timezone.now(), asked)
    headers = {
        "Content-Type": copy.document.content_type,
        "Content-Encoding": encoding,
        "ETag": body.etag,
        "Last-Modified": "" if modified is None else http_date(modified),
        "Cache-Control": CACHE_CONTROL,
        "Vary": "Accept-Encoding",
        "Link": copy.document.links,
    }
    response = HttpResponse(body.content, headers={name: value for name, value in headers.items() if value})
    return get_conditional_response(request, etag=body.etag, last_modified=modified, response=response) or response


def best_encoding(accepted: str) -> str:
    """The encoding to send, or "" for none, by the weights of an Accept-Encoding header (RFC 9110, section 12.5.3)."""
    weights = {name: weight for name, weight in map(_weighted, accepted.lower().split(",")) if name}
    anything = weights.get("*", 0.0)
    best = max(("br", "gzip"), key=lambda name: weights.get(name, anything))
    weight = weights.get(best, anything)
    return best if weight > 0 and weight >= weights.get("identity", 0.0) else ""


def _weighted(item: str) -> tuple[str, float]:
    name, _, parameter = item.partition(";")
    try:
        weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
    except ValueError:
        weight = 0.0
    return name.strip(), weight


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())
