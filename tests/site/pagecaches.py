"""What the tests of the page cache are made of: a client, an application that is asked, and a database that turns."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import Any

from blogsite.freshness import Turned, Unavailable
from blogsite.gate import ClientGone, Message, Receive, Scope, Send
from blogsite.pagecache import PageCache
from posts.generation import CONTENT
from posts.shown import Note

ROOM = 1024 * 1024
TEXT = b"<!doctype html><title>A page</title>" + b"<p>Words that come again and again." * 20


class Clock:
    """A freshness that a test turns by hand. What was turned is found out by the next look, as in life."""

    def __init__(self, on_turn: Callable[[Turned], None]) -> None:
        self.on_turn = on_turn
        self.state = ()
        self.due = float("inf")
        self.news: list[Turned] = []
        self.is_gone = False
        self.looks = 0

    def turn(self, *counters: int, posts: frozenset[int] | None = frozenset()) -> None:
        self.news.append(Turned(frozenset(counters or {CONTENT}), posts))

    def holds(self) -> bool:
        return not self.news and not self.is_gone and self.looks > 0

    async def look(self) -> None:
        self.looks += 1
        await asyncio.sleep(0)
        if self.is_gone:
            raise Unavailable
        news, self.news = self.news, []
        for turned in news:
            self.on_turn(turned)


class Origin:
    """An application that answers as it is told, and remembers what it was asked."""

    def __init__(self, status: int = 200, content: bytes = TEXT, **headers: str) -> None:
        self.status = status
        self.content = content
        self.headers = {"content-type": "text/html; charset=utf-8", "content-length": str(len(content))}
        self.headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.asked: list[Scope] = []
        self.shows: dict[str, Any] = {}
        self.until: datetime | None = None
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope)
        await receive()
        note: Note | None = scope.get("blogsite.page")
        if note is not None:
            for name, value in self.shows.items():
                setattr(note, name, value)
            note.until = self.until
        content = self.content
        if self.meanwhile:
            await self.meanwhile()
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items() if value]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


class Answer:
    def __init__(self, messages: list[Message]) -> None:
        if not messages:
            raise ClientGone
        self.status: int = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.content = b"".join(message["body"] for message in messages[1:])

    @property
    def label(self) -> str:
        return self.headers["x-cache"]


class Visitor:
    """Asks a page cache in front of an origin."""

    def __init__(self, origin: Any, room: int = ROOM, **options: Any) -> None:
        self.origin = origin
        self.cache = PageCache(origin, Clock, room=room, **options)

    @property
    def clock(self) -> Clock:
        clock = self.cache.freshness
        assert isinstance(clock, Clock)
        return clock

    async def ask(self, address: str = "/", method: str = "GET", **headers: str) -> Answer:
        named = {"host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()}
        listed = [(name.encode(), value.encode("latin-1")) for name, value in named.items()]
        return await self.send(scope_of(address, method, listed))

    async def send(self, scope: Scope, receive: Receive | None = None) -> Answer:
        messages: list[Message] = []

        async def hear(message: Message) -> None:
            messages.append(message)

        await self.cache(scope, receive or waiting(), hear)
        return Answer(messages)


def asked(visitor: Visitor) -> list[str]:
    """The addresses that the origin was asked for."""
    return [f"{scope['path']}?{scope['query_string'].decode()}".rstrip("?") for scope in visitor.origin.asked]


def scope_of(address: str, method: str, headers: list[tuple[bytes, bytes]]) -> Scope:
    path, _, query = address.partition("?")
    return {
        "type": "http",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": query.encode(),
        "headers": headers,
        "client": ("203.0.113.7", "4711"),
        "server": ("127.0.0.1", "8000"),
    }


def waiting() -> Receive:
    """A client that has asked, and waits."""
    told = False

    async def tell() -> Message:
        nonlocal told
        if told:
            await asyncio.Event().wait()
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return tell


def run[T](story: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(story, timeout=120))
