"""The gate: clients that dawdle wait outside, and cost nobody else's time.

Django works in threads. A thread that waits for the rest of a form, or for a client to read its answer, is lost to
everyone else, and a few dozen such clients stop a server. Here a request is taken in whole before it gets one of the
few places at work, and its answer is handed out after it has left that place. An answer too long to be kept meanwhile,
such as a recording, is one of pieces that need no thread between them: it gives its place up once it has begun.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from time import monotonic
from types import TracebackType
from typing import IO, Any, Self

from django.core.exceptions import RequestAborted

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CHUNK = 64 * 1024
# What is longer is handed out while it is being made: no recording has to fit into memory.
MOST_KEPT = 16 * CHUNK
# Bytes a second. Whoever stays below it for long does so on purpose: a telephone at the edge of its network is faster.
SLOWEST = 2000
# Headers that tell of a body.
ANNOUNCE_BODY = {b"content-length", b"transfer-encoding"}


class Refused(Exception):
    """The request is not worth waiting for; the message tells the client why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class ClientGone(RequestAborted):
    """Nobody is left to answer. Django, too, cleans up after one of these."""


class Gate:
    """An ASGI application in front of another one, whose answers must end (no event streams).

    `places`: how many requests are worked on at once. `max_body`: how many bytes a request may bring.
    `patience`: seconds that a client may take between two pieces of a request, or of its answer; and by which a whole
    request may lag behind SLOWEST.
    """

    def __init__(
        self,
        application: Application,
        *,
        places: int,
        max_body: Callable[[Scope], Awaitable[int]],
        patience: float = 30,
    ) -> None:
        self.application = application
        self.places = asyncio.Semaphore(places)
        self.max_body = max_body
        self.patience = patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with SpooledTemporaryFile(max_size=CHUNK) as body:
            try:
                if may_have_body(scope):
                    await self.take_in(body, scope, receive)
                answer = await self.work(scope, body, receive, send)
            except Refused as refusal:
                answer = refusal_answer(refusal)
            except ClientGone:
                return
        with suppress(ClientGone):
            await self.hand_out(answer, send)

    async def take_in(self, body: IO[bytes], scope: Scope, receive: Receive) -> None:
        """Write the request's body into the file `body`, and rewind it."""
        limit = await self.max_body(scope)
        refuse_beyond(limit, announced_length(scope))
        began = monotonic()
        more = True
        while more:
            lag = monotonic() - began - body.tell() / SLOWEST
            message = await self.next_piece(receive, self.patience - max(lag, 0))
            body.write(message.get("body", b""))
            refuse_beyond(limit, body.tell())
            more = message.get("more_body", False)
        body.seek(0)

    async def next_piece(self, receive: Receive, patience: float) -> Message:
        try:
            message = await asyncio.wait_for(receive(), patience)
        except TimeoutError as error:
            raise Refused(408, "The rest of this request did not come.") from error
        if message["type"] == "http.disconnect":
            raise ClientGone
        return message

    async def work(self, scope: Scope, body: IO[bytes], receive: Receive, send: Send) -> list[Message]:
        """Let the application answer; return what of its answer is still to be handed out.

        Who leaves while waiting for a place gets none. Who leaves later gets an answer made all the same: a thread
        cannot be broken off, and would work on while its place was another's.
        """
        answer: list[Message] = []
        is_long = asyncio.Event()
        departure = Departure(receive)

        async def keep(message: Message) -> None:
            answer.append(message)
            if sum(len(piece.get("body", b"")) for piece in answer) > MOST_KEPT:
                place.leave()
                is_long.set()
                kept, answer[:] = answer[:], []
                await self.hand_out(kept, send)

        try:
            if self.places.locked():
                departure.watch()
            async with Place(self.places) as place:
                if departure.is_seen:
                    raise ClientGone
                await self.application(scope, replay(body, departure, is_long), keep)
        finally:
            departure.ignore()
        return answer

    async def hand_out(self, answer: list[Message], send: Send) -> None:
        for message in answer:
            try:
                await asyncio.wait_for(send(message), self.patience)
            except TimeoutError as error:
                raise ClientGone from error


class Departure:
    """That a client leaves after its request. To watch for it costs the server a good part of what an answer does."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watch: asyncio.Future[Message] | None = None

    def watch(self) -> asyncio.Future[Message]:
        """Watch from now on. Done once the client has left, with the message that told it."""
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._awaited())
        return self._watch

    @property
    def is_seen(self) -> bool:
        return self._watch is not None and self._watch.done()

    def ignore(self) -> None:
        if self._watch is not None:
            self._watch.cancel()

    async def _awaited(self) -> Message:
        # What comes first may be a request without a body.
        while (message := await self._receive())["type"] != "http.disconnect":
            pass
        return message


class Place:
    """One of the places at work, which may be left before its end."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self.places = places
        self.is_taken = False

    async def __aenter__(self) -> Self:
        await self.places.acquire()
        self.is_taken = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def leave(self) -> None:
        if self.is_taken:
            self.is_taken = False
            self.places.release()


def refuse_beyond(limit: int, size: int) -> None:
    if size > limit:
        raise Refused(413, "This request is larger than the site accepts.")


def may_have_body(scope: Scope) -> bool:
    """Whether it is worth asking for one: HTTP/1 announces each (RFC 9112, section 6.3)."""
    is_announced = any(name in ANNOUNCE_BODY for name, _ in scope["headers"])
    return is_announced or not scope["http_version"].startswith("1")


def announced_length(scope: Scope) -> int:
    value = dict(scope["headers"]).get(b"content-length", b"")
    return int(value) if value.isdigit() else 0


def replay(body: IO[bytes], departure: Departure, is_long: asyncio.Event) -> Receive:
    """A `receive` that tells the body again from its file, and then, if the answer is long, that the client leaves."""
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            await is_long.wait()
            return await departure.watch()
        chunk = body.read(CHUNK)
        told = len(chunk) < CHUNK
        return {"type": "http.request", "body": chunk, "more_body": not told}

    return replayed


def refusal_answer(refusal: Refused) -> list[Message]:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    return [
        {"type": "http.response.start", "status": refusal.status, "headers": headers},
        {"type": "http.response.body", "body": f"{refusal}\n".encode()},
    ]
