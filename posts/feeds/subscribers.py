"""How many people read the feeds: an estimate from what their programmes say, with no cookie and nobody followed.

Programmes that fetch for many tell how many those are. Others are counted by the day, by a hash of their address and
name that nobody can make without the site's key, that is another one tomorrow, and that is erased by then.

A poll costs no write: what was seen is gathered in the process, and written down once a minute. What a process that
dies has gathered is lost, and the next polls make up for it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, connections, transaction
from django.db.models import Count
from django.http import HttpRequest
from django.tasks import task
from django.utils import timezone

from ..again import come_again, lives_here
from ..models import FeedReader, FeedReading
from ..visitors import client_address, hashed, keyed
from .programs import program_of

logger = logging.getLogger(__name__)

# In seconds.
GATHERING = 60
# However many addresses and names someone invents: more are not noted in a minute, and not in a day.
MOST_GATHERED = 2000
MOST_A_DAY = 50_000
# Days; hashes are those of today and of yesterday.
READINGS_LAST = 35
HASHES_LAST = 2
LONGEST_FEED = 200

# In seconds, before what the page cache tells is looked at; and the headers that matter for it.
LISTENING = 5
TOLD_BY = {b"user-agent", b"x-forwarded-for"}

Heard = tuple[str, str, tuple[tuple[bytes, bytes], ...]]
"""The path of a feed, and the address and the headers of whoever fetches it."""

Key = tuple[date, str, str]
"""The day, the path of the feed and the name of the programme."""


@dataclass
class Tally:
    """What was seen since it was last written down. Its methods may be called by several threads at once."""

    told: dict[Key, int] = field(default_factory=dict)
    seen: dict[str, Key] = field(default_factory=dict)
    """By the digest of who was seen."""
    began: float = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, key: Key, told: int | None, digest: str) -> bool:
        """Return whether this was the first since it was last written down."""
        with self.lock:
            is_first = not self.began
            self.began = self.began or time.monotonic()
            if len(self.told) + len(self.seen) >= MOST_GATHERED:
                return is_first
            if told is None:
                self.seen[digest] = key
            else:
                self.told[key] = told
            return is_first

    def is_due(self) -> bool:
        """Whether a minute has passed; true for one who asks, so that one writes it down."""
        with self.lock:
            if not self.began or time.monotonic() - self.began < GATHERING:
                return False
            self.began = time.monotonic()
            return True

    def take(self) -> tuple[dict[Key, int], dict[str, Key]]:
        with self.lock:
            taken = self.told, self.seen
            self.told, self.seen, self.began = {}, {}, 0
            return taken


_tally = Tally()
# Touched by the event loop alone.
_heard: set[Heard] = set()


def note(request: HttpRequest) -> None:
    """Take note that someone fetches the feed of this request: now, or whenever the page cache gives it to somebody."""
    page = getattr(request, "scope", {}).get("blogsite.page")
    if page is None:
        gather(request)
    else:
        page.on_hit = hear


def hear(scope: dict[str, Any]) -> None:
    """Remember for a moment who fetches a feed. The event loop calls it, and must not wait: a thread does the rest."""
    if not _heard:
        asyncio.get_running_loop().call_later(LISTENING, _have_gathered)
    if len(_heard) < MOST_GATHERED:
        told = tuple(header for header in scope["headers"] if header[0] in TOLD_BY)
        _heard.add((scope["path"], (scope.get("client") or ("",))[0], told))


def _have_gathered() -> None:
    heard = list(_heard)
    _heard.clear()
    asyncio.get_running_loop().run_in_executor(None, _gather_heard, heard)


def _gather_heard(heard: list[Heard]) -> None:
    try:
        for path, address, headers in heard:
            scope = {"type": "http", "method": "GET", "path": path, "headers": headers, "client": (address, 0)}
            gather(ASGIRequest(scope, BytesIO()))
    finally:
        connections.close_all()


def gather(request: HttpRequest) -> None:
    """Costs no query, except for one in a minute."""
    agent = request.headers.get("User-Agent", "")
    program = program_of(agent)
    if program is None or len(request.path) > LONGEST_FEED:
        return
    today = timezone.now().date()
    digest = keyed(f"feed reader {today}", f"{hashed(client_address(request))} {request.path} {agent}")
    if _tally.add((today, request.path, program.name), program.subscribers, digest):
        # On a quiet site no other poll may come that would have it written.
        come_again(write_down, timezone.now() + timedelta(seconds=GATHERING))
    if _tally.is_due():
        _have_written()


def _have_written() -> None:
    """In the thread for tasks where that is in this very process, which alone knows what it has gathered."""
    if lives_here(write_down):
        write_down.enqueue()
    else:
        write_down.call()


@task
def write_down() -> None:
    """Add what this process has gathered to what is known of the days; any number of processes do so at once."""
    told, seen = _tally.take()
    try:
        with transaction.atomic():
            _add_seen(seen)
            _set_readers(told, is_reported=True)
            _set_readers(_counted(set(seen.values())), is_reported=False)
            _forget_hashes()
    except DatabaseError as error:  # a poll is answered all the same
        logger.warning("What feed readers said of their subscribers was not kept: %s", error)


def _add_seen(seen: dict[str, Key]) -> None:
    if not seen or FeedReader.objects.count() > 2 * MOST_A_DAY:
        return
    # In one order, so that two processes never wait for each other.
    rows = [
        FeedReader(day=day, feed=feed, program=name, digest=digest)
        for digest, (day, feed, name) in sorted(seen.items())
    ]
    FeedReader.objects.bulk_create(rows, ignore_conflicts=True)


def _counted(keys: set[Key]) -> dict[Key, int]:
    """How many were seen by now, of all processes."""
    days, feeds, names = ({key[part] for key in keys} for part in range(3))
    rows = FeedReader.objects.filter(day__in=days, feed__in=feeds, program__in=names).order_by()
    counts = rows.values_list("day", "feed", "program").annotate(readers=Count("pk"))
    return {(day, feed, name): readers for day, feed, name, readers in counts if (day, feed, name) in keys}


def _set_readers(numbers: dict[Key, int], *, is_reported: bool) -> None:
    today = timezone.now().date()
    if not numbers or FeedReading.objects.filter(day=today).count() > MOST_A_DAY:
        return
    rows = [
        FeedReading(day=day, feed=feed, program=name, readers=readers, is_reported=is_reported)
        for (day, feed, name), readers in sorted(numbers.items())
    ]
    FeedReading.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day", "feed", "program"],
        update_fields=["readers", "is_reported"],
    )


def forget() -> int:
    """Erase what is too old to be of use; return how many days of a feed and a programme those were."""
    _forget_hashes()
    today = timezone.now().date()
    return FeedReading.objects.filter(day__lt=today - timedelta(days=READINGS_LAST)).delete()[0]


def _forget_hashes() -> None:
    FeedReader.objects.filter(day__lte=timezone.now().date() - timedelta(days=HASHES_LAST)).delete()
