"""The page cache itself: an ASGI application in front of another one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from time import monotonic, time
from typing import Protocol

from blogsite import outages
from blogsite.freshness import Turned, Unavailable
from blogsite.gate import Application, ClientGone, Message, Receive, Scope, Send
from posts.shown import Note
from posts.state import State

from . import metrics
from .answers import BYPASS, MISS, Entry, Sent, in_full, relabelled, shortened
from .keys import Asked, Key, Reader
from .rendering import Client, Rendering, concerns, is_kept, render
from .store import Store

logger = logging.getLogger(__name__)

# The part of the room for what is missing or has moved: who floods the site with addresses makes these.
FOR_MISSING = 0.05
# For how long, in seconds, a page that was not for everybody is not rendered for everybody again.
PERSONAL_LASTS = 10
MOST_PERSONAL = 1000
# Between two lines of the log about an outage, in seconds.
BETWEEN_LINES = 60


class Freshness(Protocol):
    """What tells whether anything has turned, see `blogsite.freshness`."""

    state: State
    due: float

    def holds(self) -> bool: ...
    async def look(self) -> None: ...


class Files(Protocol):
    """Entries as files, for a web server in front. `keep` is called whenever one is given, and knows most already."""

    def keep(self, key: Key, entry: Entry) -> None: ...
    def turned(self) -> None: ...


class PageCache:
    """All is done in the thread of the event loop.

    `room` is what entries may take of the memory, in bytes; `cdn_seconds` for how long a cache for many readers is told
    that it need not ask, if nothing becomes due before.
    """

    def __init__(
        self,
        application: Application,
        freshness: Callable[[Callable[[Turned], None]], Freshness],
        *,
        room: int,
        files: Files | None = None,
        cdn_seconds: int = 0,
    ) -> None:
        self.application = application
        self.freshness = freshness(self.turned)
        self.files = files
        self.cdn_seconds = cdn_seconds
        self.pages = Store(int(room * (1 - FOR_MISSING)))
        self.missing = Store(int(room * FOR_MISSING))
        self.counts = metrics.Counts()
        self.numbers = self.counts.numbers
        self.reader = Reader()
        self.running: dict[Key, Rendering] = {}
        self.encoding: dict[tuple[Entry, str], asyncio.Future[None]] = {}
        self.next_line = 0.0
        # Until when each is known to be personal.
        self.personal: dict[Key, float] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self.reader.read(scope) if scope["type"] == "http" else None
        if asked is None:
            await self.bypass(scope, receive, send)
        elif sent := self.at_hand(asked, scope):
            start, body = sent
            await send(start)
            await send(body)
        else:
            await self.wait(asked, scope, Client(receive), send)

    async def wait(self, asked: Asked, scope: Scope, client: Client, send: Send) -> None:
        try:
            sent = await self.answer(asked, scope, client)
            if sent is None:
                await self.bypass(scope, client.receive, send)
            else:
                for message in sent:
                    await send(message)
        except ClientGone:
            return
        finally:
            client.departure.ignore()

    def at_hand(self, asked: Asked, scope: Scope) -> Sent | None:
        """The answer that can be given at once, without any waiting: nearly all are. Each microsecond counts here."""
        if not self.freshness.holds():
            return None
        entry = self.pages.entries.get(asked.key)
        if entry is None or asked.encoding not in entry.variants:
            return None
        if entry.until is not None and entry.until <= time():
            return None
        # Or else it may have to go, see `store`.
        entry.is_asked = True
        return self.given(entry, asked, scope, metrics.HIT)

    async def answer(self, asked: Asked, scope: Scope, client: Client) -> Sent | None:
        """The answer after all that it takes; None for one that only the client's own request can get."""
        if self.personal.get(asked.key, 0) > monotonic():
            return None
        try:
            await self.freshness.look()
            entry, is_hit = self.found(asked.key), True
            if entry is None:
                entry, is_hit = await self.rendered(asked.key, client)
        except Unavailable as error:
            self.tell_of_outage(error)
            return in_full(outages.unavailable())
        if entry is None or not is_answer(entry, asked):
            return None
        if asked.encoding not in entry.variants:
            await self.encoded(entry, asked.encoding)
        if is_hit:
            entry.is_asked = True
            return self.given(entry, asked, scope, metrics.HIT)
        return relabelled(self.given(entry, asked, scope, metrics.MISS), MISS)

    def found(self, key: Key) -> Entry | None:
        """What is kept for a key. What the last look has found to be no longer true is not kept any more."""
        entry = self.pages.entries.get(key) or self.missing.entries.get(key)
        if entry is not None and entry.until is not None and entry.until <= time():
            return None
        return entry

    def given(self, entry: Entry, asked: Asked, scope: Scope, place: int) -> Sent:
        if entry.note.on_hit is not None:
            entry.note.on_hit(scope)
        # What is no longer kept may be true no longer by now.
        if self.files is not None and self.pages.entries.get(entry.key) is entry:
            self.files.keep(entry.key, entry)
        self.numbers[place] += 1
        variant = entry.variants[asked.encoding]
        if asked.tags is not None and variant.is_among(asked.tags):
            self.numbers[metrics.UNCHANGED] += 1
            sent = variant.unchanged
        else:
            sent = variant.head if asked.is_head else variant.whole
        return self.timed(sent, entry) if self.cdn_seconds else sent

    def timed(self, sent: Sent, entry: Entry) -> Sent:
        """An answer that no cache in front keeps beyond the moment at which time alone makes it another one."""
        left = min(self.freshness.due, entry.until or self.freshness.due) - time()
        return shortened(sent, int(left)) if left < self.cdn_seconds else sent

    async def rendered(self, key: Key, client: Client) -> tuple[Entry | None, bool]:
        """What is rendered for this key, None if it is not for everybody; and whether somebody else had begun it.

        It must not have begun before this request came, unless nothing has turned since. So whoever has waited looks
        again, and may have to wait once more: for one that was begun then, which is good whatever turns meanwhile.
        """
        running = self.running.get(key)
        if running is not None:
            entry = await running.result_for(client)
            if is_final(running, entry):
                return entry, True
            await self.freshness.look()
            if kept := self.found(key):
                return kept, True
        while True:
            running = self.running.get(key)
            is_first = running is None
            running = running or self.begin(key)
            entry = await running.result_for(client)
            if not running.is_abandoned:
                return entry, not is_first

    def begin(self, key: Key) -> Rendering:
        rendering = self.running[key] = Rendering(key, Note(self.freshness.state))
        rendering.task = asyncio.ensure_future(self.render(rendering))
        return rendering

    async def render(self, rendering: Rendering) -> Entry | None:
        began = monotonic()
        try:
            entry = await render(self.application, rendering)
            self.counts.rebuilt(monotonic() - began)
            if entry is not None and is_kept(entry):
                await self.keep(entry, rendering)
            elif entry is None and not rendering.is_abandoned:
                self.note_personal(rendering.key)
            return entry
        finally:
            del self.running[rendering.key]

    async def keep(self, entry: Entry, rendering: Rendering) -> None:
        """Keep an entry, unless what it shows has turned while it was rendered."""
        with suppress(Unavailable):
            await self.freshness.look()
            store = self.pages if entry.status == HTTPStatus.OK else self.missing
            for one in (self.pages, self.missing):
                one.drop(entry.key)
            if rendering.is_current:
                store.put(entry)
            self.take_stock()

    async def encoded(self, entry: Entry, encoding: str) -> None:
        """Have an entry made ready in an encoding. To compress it takes a while: once for all who wait for it."""
        if not encoding:
            entry.make(encoding)
            self.grow(entry)
            return
        making = self.encoding.get((entry, encoding))
        if making is None:
            making = self.encoding[entry, encoding] = asyncio.ensure_future(self.encode(entry, encoding))
        await asyncio.shield(making)

    async def encode(self, entry: Entry, encoding: str) -> None:
        try:
            await asyncio.to_thread(entry.make, encoding)
            self.grow(entry)
        finally:
            del self.encoding[entry, encoding]

    def grow(self, entry: Entry) -> None:
        for store in (self.pages, self.missing):
            store.grow(entry)
        self.take_stock()

    def turned(self, turned: Turned) -> None:
        """Drop what is no longer true. `blogsite.freshness` calls this before anyone learns that something turned."""
        for rendering in self.running.values():
            rendering.turned.append(turned)
        for store in (self.pages, self.missing):
            store.drop_where(lambda entry: concerns(turned, entry.note))
        if self.files:
            self.files.turned()
        self.take_stock()

    def note_personal(self, key: Key) -> None:
        if len(self.personal) >= MOST_PERSONAL:
            self.personal.clear()
        self.personal[key] = monotonic() + PERSONAL_LASTS

    def tell_of_outage(self, error: Unavailable) -> None:
        """A line of the log now and then. What Django refuses has one for each request, but it sees none of these."""
        if (now := monotonic()) >= self.next_line:
            self.next_line = now + BETWEEN_LINES
            logger.warning("Pages are answered with 503, since the database does not answer: %s", error)

    def take_stock(self) -> None:
        stores = self.pages, self.missing
        self.numbers[metrics.ENTRIES] = sum(len(store.entries) for store in stores)
        self.numbers[metrics.BYTES] = sum(store.taken for store in stores)
        self.numbers[metrics.EVICTED] = sum(store.evicted for store in stores)

    async def bypass(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], BYPASS]}
            await send(message)

        self.numbers[metrics.BYPASS] += 1
        await self.application(scope, receive, labelled)


def is_answer(entry: Entry, asked: Asked) -> bool:
    """Whether an entry answers this request. Where there is no page, an old address may be known by all its query."""
    return asked.is_whole or entry.status == HTTPStatus.OK


def is_final(rendering: Rendering, entry: Entry | None) -> bool:
    """Whether an answer that nobody keeps is one for who came after it was begun, too: an error, or that it is none."""
    if entry is None:
        return not rendering.is_abandoned
    return entry.status >= HTTPStatus.INTERNAL_SERVER_ERROR
