"""A page being rendered: by a request from nobody in particular, and once for all who wait for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.utils import timezone

from blogsite.freshness import Turned
from blogsite.gate import Application, ClientGone, Departure, Message, Receive
from posts.generation import SURROUNDINGS
from posts.shown import Note

from .answers import Entry, Headers
from .keys import Key, request_for

# In bytes. What is longer is no page.
LONGEST = 4 * 1024 * 1024
# In seconds: nearly all that is rendered takes less, and then it makes no difference whether somebody has left.
PROMPT = 0.05
MISSING_LASTS = timedelta(seconds=5)
MISSING = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
WHOLE: Message = {"type": "http.request", "body": b"", "more_body": False}
LEFT: Message = {"type": "http.disconnect"}
NOT_FOR_ALL = {"no-store", "no-cache", "private"}


class Client:
    """Whoever waits for the answer to a request without a body; and may leave."""

    def __init__(self, receive: Receive) -> None:
        self.departure = Departure(receive)
        self._is_told = False

    async def receive(self) -> Message:
        """The request told once more, to Django; and then that the client leaves."""
        if not self._is_told:
            self._is_told = True
            return WHOLE
        return await asyncio.shield(self.departure.watch())


@dataclass
class Rendering:
    """`turned` is all that has turned since it began. Its task gives the entry, None if the answer is not for all.

    `is_abandoned` tells that it did not take place: all who waited for it had left before it got a place at the gate.
    """

    key: Key
    note: Note
    turned: list[Turned] = field(default_factory=list)
    task: asyncio.Future[Entry | None] = field(init=False)
    waiting: int = 0
    is_left: bool = False
    is_abandoned: bool = False
    told: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)

    @property
    def is_current(self) -> bool:
        return not any(concerns(turned, self.note) for turned in self.turned)

    async def result_for(self, client: Client) -> Entry | None:
        """What the task gives. Raises ClientGone if the client does not wait for it: others may."""
        self.waiting += 1
        try:
            await asyncio.wait([self.task], timeout=PROMPT)
            if not self.task.done():
                either: set[asyncio.Future[Any]] = {self.task, client.departure.watch()}
                await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.waiting -= 1
            if not self.waiting:
                self.is_left = True
                self.told.put_nowait(LEFT)
        if not self.task.done():
            raise ClientGone
        return self.task.result()


def concerns(turned: Turned, note: Note) -> bool:
    """Whether what has turned is shown by an answer."""
    if note.counters is None or turned.counters & note.counters:
        return True
    return SURROUNDINGS in turned.counters and (turned.posts is None or not turned.posts.isdisjoint(note.posts))


class Answer:
    """What an application sends."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: Headers = []
        self.content = bytearray()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(name.lower(), value) for name, value in message["headers"]]
        self.content += message.get("body", b"")
        if len(self.content) > LONGEST:
            raise ClientGone


async def render(application: Application, rendering: Rendering) -> Entry | None:
    """Ask for a page; None if it is not for everybody."""
    answer = Answer()
    rendering.told.put_nowait(WHOLE)
    await application(request_for(rendering.key, rendering.note), rendering.told.get, answer.take)
    if not answer.status:
        rendering.is_abandoned = rendering.is_left
        return None
    is_error = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if not is_error and not is_for_everybody(answer):
        return None
    entry = Entry(rendering.key, answer.status, answer.headers, bytes(answer.content), rendering.note)
    entry.until = lasting_until(entry)
    return entry


def is_for_everybody(answer: Answer) -> bool:
    """Whether an answer is one and the same for all who ask.

    What is sent piece by piece tells no length. It may be a large file, and cannot be told from one that broke off.
    """
    told = {name: value.decode("latin-1").lower() for name, value in answer.headers}
    if b"set-cookie" in told or told.get(b"content-length") != str(len(answer.content)):
        return False
    if items(told.get(b"vary", "")) - {"accept-encoding"}:
        return False
    return NOT_FOR_ALL.isdisjoint(items(told.get(b"cache-control", "")))


def items(value: str) -> set[str]:
    return {item.strip() for item in value.split(",") if item.strip()}


def lasting_until(entry: Entry) -> float | None:
    """The moment, in seconds of the epoch, from which on an answer is another one even if nothing turns."""
    missing = timezone.now() + MISSING_LASTS if entry.status in MISSING else None
    until = min(filter(None, [entry.note.until, missing]), default=None)
    return until.timestamp() if until else None


def is_kept(entry: Entry) -> bool:
    return entry.status == HTTPStatus.OK or entry.status in MISSING
