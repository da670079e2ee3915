"""Answers ready to send: made once, for each encoding its own, with a strong ETag each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from django.http import HttpResponse

from blogsite.gate import Message
from posts.serving import ENCODERS, digest
from posts.shown import Note

from .keys import Key

Headers = list[tuple[bytes, bytes]]

# Shorter ones do not become any smaller.
SHORTEST_ENCODED = 200
ENCODED_TYPES = re.compile(rb"text/|application/.*(?:json|xml|javascript)|image/svg", re.ASCII)
# What a 304 repeats (RFC 9110, section 15.4.5), and what tells caches in front what it is about.
TOLD_AGAIN = {
    b"cache-control",
    b"cache-tag",
    b"content-location",
    b"etag",
    b"expires",
    b"last-modified",
    b"surrogate-key",
    b"vary",
}
# What an answer of its own encoding says anew.
OF_ONE_ENCODING = {b"content-length", b"content-encoding", b"etag", b"vary"}
# Bytes that an entry and each of its encodings take besides what is sent: objects, messages, headers.
OVERHEAD = 2048

TAG = re.compile(rb'"[^"]*"')
SHARED = re.compile(rb"s-maxage=\d+")
NOTHING: Message = {"type": "http.response.body", "body": b""}

HIT, MISS, BYPASS = ((b"x-cache", label) for label in (b"hit", b"miss", b"bypass"))

Sent = tuple[Message, Message]
"""The two messages of an answer."""


class Variant:
    """An answer in one encoding, ready to send as a hit."""

    def __init__(self, status: int, headers: Headers, content: bytes, etag: bytes) -> None:
        self.etag = etag
        self.size = len(content) + OVERHEAD
        body = {"type": "http.response.body", "body": content}
        start = beginning(status, [*headers, HIT])
        self.whole: Sent = (start, body)
        self.head: Sent = (start, NOTHING)
        self.unchanged: Sent = (beginning(304, [*filter(is_told_again, headers), HIT]), NOTHING)

    def is_among(self, tags: bytes) -> bool:
        """Whether an If-None-Match names this answer, or all (RFC 9110, section 13.1.2, compared weakly)."""
        if not self.etag:
            return False
        return tags == self.etag or tags.strip() == b"*" or self.etag in TAG.findall(tags)


@dataclass(slots=True, eq=False)
class Entry:
    """What Django has answered for a key. `until` is a moment in seconds of the epoch; from then on it is good no more.

    `is_asked` tells the store that it has been asked for since the store looked last.
    """

    key: Key
    status: int
    headers: Headers
    content: bytes
    note: Note
    until: float | None = None
    is_asked: bool = False
    variants: dict[str, Variant] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """In bytes, roughly."""
        return len(self.content) + OVERHEAD + sum(variant.size for variant in set(self.variants.values()))

    def make(self, encoding: str) -> None:
        """Make the answer in an encoding. To compress takes some milliseconds: call it in a thread."""
        if self.is_compressible:
            self.variants[encoding] = self._variant(encoding)
        else:
            self.variants.update(dict.fromkeys(ENCODERS, self._variant("")))

    def _variant(self, encoding: str) -> Variant:
        content = ENCODERS[encoding](self.content)
        headers = [pair for pair in self.headers if pair[0] not in OF_ONE_ENCODING]
        headers.append((b"content-length", b"%d" % len(content)))
        if self.is_compressible:
            headers.append((b"vary", b"Accept-Encoding"))
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        etag = self.etag(encoding)
        if etag:
            headers.append((b"etag", etag))
        return Variant(self.status, headers, content, etag)

    def etag(self, encoding: str) -> bytes:
        """Of the bytes before they were compressed, and how they were: all processes compress alike."""
        if self.status != HTTPStatus.OK:
            return b""
        name = digest(self.content)
        return f'"{name}-{encoding}"'.encode() if encoding else f'"{name}"'.encode()

    @property
    def is_compressible(self) -> bool:
        kind = value_of(self.headers, b"content-type") or b""
        return len(self.content) >= SHORTEST_ENCODED and ENCODED_TYPES.match(kind) is not None


def beginning(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def in_full(response: HttpResponse) -> Sent:
    """An answer of Django's that is kept for nobody."""
    headers = [(name.lower().encode(), value.encode()) for name, value in response.items()]
    headers.append((b"content-length", b"%d" % len(response.content)))
    return beginning(response.status_code, headers), {"type": "http.response.body", "body": response.content}


def relabelled(sent: Sent, label: tuple[bytes, bytes]) -> Sent:
    """The same answer, that was no hit."""
    start, body = sent
    return {**start, "headers": [*start["headers"][:-1], label]}, body


def shortened(sent: Sent, seconds: int) -> Sent:
    """The same answer, which a cache for many readers may give for this long without asking."""
    start, body = sent
    age = b"s-maxage=%d" % max(seconds, 0)
    headers = [
        (name, SHARED.sub(age, value) if name == b"cache-control" else value) for name, value in start["headers"]
    ]
    return {**start, "headers": headers}, body


def is_told_again(header: tuple[bytes, bytes]) -> bool:
    return header[0] in TOLD_AGAIN


def value_of(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    return next((value for known, value in headers if known == name), None)
