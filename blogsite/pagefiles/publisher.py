"""Pages are published by a thread of each process of the service, which also looks, twenty times a second, for changes
that were made past Django.

What it publishes is certain: the page was true in the state that the page cache had just looked up, and the database
still has that state while nobody can commit.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections import deque
from collections.abc import Iterable
from http import HTTPStatus
from math import inf
from typing import NamedTuple, Protocol, cast
from urllib.parse import urlsplit

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http.request import split_domain_port

from blogsite.database.withdrawing import WithdrawsPages
from blogsite.pagecache.answers import Entry
from blogsite.pagecache.keys import Key
from posts.serving import ENCODERS
from posts.shown import Note
from posts.state import State

from . import withdrawing
from .edition import own_edition
from .folder import MARGIN, Edition, Folder, Page, Published, slot_of
from .names import file_name

logger = logging.getLogger(__name__)

# In seconds: how long a change past Django may stay unnoticed.
BETWEEN_LOOKS = 0.05
BETWEEN_COMPLAINTS = 60
# Bytes of all pages; a set that is full makes room for a new one, into which what is asked for comes first.
ROOM = 64 * 1024 * 1024
LARGEST = 1024 * 1024
# How many pages wait at most, and how many are written while writers wait.
MOST_WAITING = 500
AT_ONCE = 8
MOST_KNOWN = 20_000


class Freshness(Protocol):
    """What the page cache asks, see `blogsite.freshness`. Only read just after it has looked."""

    @property
    def state(self) -> State: ...
    @property
    def due(self) -> float: ...


class Waiting(NamedTuple):
    """A page that was true in this state, from a moment until time alone would change something."""

    key: Key
    page: Page
    state: State
    since: float
    due: float


class Settled(NamedTuple):
    """What there was to see, when everything was in order."""

    state: State
    published: Published | None
    slot: int


class PageFiles:
    """Keeps entries of the page cache as files. `keep` and `drop` belong to its event loop, the rest to a thread."""

    def __init__(self, folder: Folder, origin: str) -> None:
        self.folder = folder
        # A web server in front need not pass on the port at which it was asked.
        self.origin = (urlsplit(origin).scheme, urlsplit(origin).hostname)
        self.freshness: Freshness | None = None
        self._waiting: deque[Waiting] = deque()
        # The notes of entries that were taken on, each of which has its own; not to keep them alive.
        self._known: dict[Key, weakref.ref[Note]] = {}
        self._wake = threading.Event()
        self._program = own_edition()
        self._settled: Settled | None = None
        self._looked_at = 0.0
        self._complained = 0.0

    def start(self, freshness: Freshness) -> None:
        self.freshness = freshness
        self.folder.open_up()
        threading.Thread(target=self._run, name="page files", daemon=True).start()

    # --- For the page cache ------------------------------------------------------------------------------------------

    def keep(self, key: Key, entry: Entry) -> None:
        """Publish an entry that the page cache has just found to be true. Of one that is known, it costs a lookup."""
        # No file has a query; of queries there is no end, and each would be known for long.
        if key.query:
            return
        known = self._known.get(key)
        if known is not None and known() is entry.note:
            return
        if self.freshness is None or len(self._waiting) >= MOST_WAITING:
            return
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = weakref.ref(entry.note)
        if (page := self._page(key, entry)) is not None:
            self._waiting.append(Waiting(key, page, self.freshness.state, time.time(), self.freshness.due))
            self._wake.set()

    def turned(self) -> None:
        """Look at once: something has turned."""
        self._wake.set()

    def _page(self, key: Key, entry: Entry) -> Page | None:
        """What everybody gets at the site's one address, if it can be told by a file."""
        is_at_home = (key.scheme, split_domain_port(key.host)[0]) == self.origin
        if not is_at_home or entry.status != HTTPStatus.OK or len(entry.content) > LARGEST:
            return None
        name = file_name(key.path, entry.headers)
        if name is None or entry.note.on_hit is not None:
            return None
        until = inf if entry.until is None else entry.until
        return Page(name, {"": entry.content}, withdrawing.keys_of(entry.note), until)

    # --- The thread --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            self._wake.wait(BETWEEN_LOOKS)
            self._wake.clear()
            try:
                self.tend(cast("WithdrawsPages", connections[DEFAULT_DB_ALIAS]))
            except (DatabaseError, OSError) as error:
                # Leases are not renewed: what is published ends by itself.
                self._complain(error)
                connections[DEFAULT_DB_ALIAS].close()
                time.sleep(BETWEEN_LOOKS)

    def tend(self, database: WithdrawsPages) -> None:
        """Do what there is to do: take away what is not true, publish what waits, renew leases, sweep."""
        database.ensure_connection()
        state, now = database.look(), time.time()
        published = self._still_published(state, now)
        if self._settled and published != self._settled.published:
            # Another process has begun anew: nothing of ours is there any more.
            self._known.clear()
        if not self._waiting and self._settled == Settled(state, published, slot_of(now)):
            return
        pages = self._next(published)
        with database.no_writer() as is_alone:
            if not is_alone:
                self._waiting.extendleft(reversed(pages))
                return
            self._settle(database, pages)
            left_over = self.folder.left_over()
        self.folder.sweep(left_over)
        if self._waiting:
            self._wake.set()

    def _still_published(self, state: State, now: float) -> Published | None:
        """What is published, unless it is of another program, of another state of the site, or of another time."""
        # What was due when a page was made may be due no more, if the clock was put back.
        is_put_back, self._looked_at = now < self._looked_at, now
        published = self.folder.published()
        if published is None:
            return None
        is_ours = published.edition[:2] == (self._program, withdrawing.digest_of(state))
        if is_ours and now < published.edition.due and not is_put_back:
            return published
        self.folder.take_away()
        return None

    def _next(self, published: Published | None) -> list[Waiting]:
        """What is to be published next, compressed while nobody waits for it."""
        pages = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        pages = [
            waiting for waiting in pages if not published or not self.folder.has(published.path, waiting.page.name)
        ]
        for waiting in pages:
            waiting.page.contents.setdefault(".gz", ENCODERS["gzip"](waiting.page.contents[""]))
        return pages

    def _settle(self, database: WithdrawsPages, pages: Iterable[Waiting]) -> None:
        state, now = database.look(), time.time()
        if published := self._still_published(state, now):
            withdrawing.settle(self.folder, published.path, state, database.posts_since)
        for waiting in pages:
            if not self._publish(waiting, state, now):
                # Asked for again, it is offered again.
                self._known.pop(waiting.key, None)
        if published := self.folder.published():
            self.folder.lease(published, now)
        self._settled = Settled(state, published, slot_of(now))

    def _publish(self, waiting: Waiting, state: State, now: float) -> bool:
        page, edition = waiting.page, Edition(self._program, withdrawing.digest_of(state), waiting.due)
        is_of_now = waiting.state == state and waiting.since <= now < waiting.due - MARGIN
        if not is_of_now or not self.folder.outlasts(page.until, now):
            return False
        published = self.folder.published()
        if not published or not is_part_of(edition, published.edition) or self.folder.used(published.path) > ROOM:
            published = self.folder.begin(edition, withdrawing.numbers_of(state))
        self.folder.place(published.path, page)
        return True

    def _complain(self, error: Exception) -> None:
        if time.monotonic() - self._complained > BETWEEN_COMPLAINTS:
            self._complained = time.monotonic()
            logger.warning("No pages are published as files at the moment: %s", error)


def is_part_of(page: Edition, published: Edition) -> bool:
    """Whether a page of one edition may be among those of another: it must be true for as long as they are."""
    return page[:2] == published[:2] and published.due <= page.due
