"""How pages lie on the disk.

    lock                     held by publishers, and on SQLite by writers at their commit
    current                  → sets/<name>, the set that is published; to take it away is to take away all pages at once
    sets/<name>/
        pages/…              the pages, each with its smaller copy (.gz)
        <slot>               → pages, a lease: the web server looks in the slot of the present time
        on/<what>/<which>/…  → pages/…, what goes when this turns: a counter, a post's surroundings, the clock
        seen                 how far the narrow counters had counted
        used                 how many bytes there are

The name of a set tells which edition of the program made it, from what state of the site, and until when time alone
changes nothing. A set gets leases for slots that end before that. So what has expired is not served, even if nobody is
alive to take it away.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path
from typing import NamedTuple

from .disk import PASSABLE, READABLE, digest, make_folder, replace_link, write

# In seconds. The slot of a moment is its number without the last digit, as deploy/nginx.conf cuts it.
SLOT = 10
# How many slots beyond the present one get leases.
AHEAD = 17
# A web server reads the clock a little before it answers.
MARGIN = 2.0
# Of each encoding.
ENDINGS = ("", ".gz")

Key = tuple[str, str]
"""What a page depends on besides all that its whole set does: ("post", "12")."""


class Edition(NamedTuple):
    """What a set of pages was made of: the program and the state of the site (digests), and the next turn of time."""

    program: str
    state: str
    due: float

    def __str__(self) -> str:
        return f"{self.program}-{self.state}-{'never' if self.due == inf else int(self.due * 1000)}"


class Published(NamedTuple):
    path: Path
    edition: Edition


class Page(NamedTuple):
    """A page to be kept under a name that begins with "/"; good until a moment, in seconds of the epoch."""

    name: str
    contents: MutableMapping[str, bytes]
    """By the ENDINGS of their encodings."""
    keys: frozenset[Key]
    until: float = inf


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self._current = path / "current"

    # --- Locks -------------------------------------------------------------------------------------------------------

    @contextmanager
    def no_publisher(self) -> Iterator[None]:
        """Hold publishers off; any number of writers do so at once."""
        with self._locked(fcntl.LOCK_SH):
            yield

    @contextmanager
    def no_writer(self) -> Iterator[bool]:
        """Hold writers and other publishers off, if none of them is at work: whether it is so."""
        try:
            with self._locked(fcntl.LOCK_EX | fcntl.LOCK_NB):
                yield True
        except BlockingIOError:
            yield False

    @contextmanager
    def _locked(self, operation: int) -> Iterator[None]:
        # The kernel gives the lock back when this process dies.
        descriptor = os.open(self.path / "lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, READABLE)
        try:
            fcntl.flock(descriptor, operation)
            yield
        finally:
            os.close(descriptor)

    def open_up(self) -> None:
        """Let the web server in, and begin with nothing: what there is may come from another edition of the program."""
        self.path.chmod(PASSABLE)
        self.take_away()

    # --- What is published -------------------------------------------------------------------------------------------

    def published(self) -> Published | None:
        try:
            name = self._current.readlink().name
        except FileNotFoundError:
            return None
        program, state, due, _ = name.split("-")
        moment = inf if due == "never" else int(due) / 1000
        return Published(self.path / "sets" / name, Edition(program, state, moment))

    def take_away(self) -> None:
        """Take away all pages at once. It is always right to do so, with or without a lock."""
        self._current.unlink(missing_ok=True)

    def begin(self, edition: Edition, seen: Mapping[int, int]) -> Published:
        """Publish an empty set in place of what there is. For publishers, as all below."""
        path = self.path / "sets" / f"{edition}-{secrets.token_hex(4)}"
        make_folder(path / "pages")
        self.see(path, seen)
        replace_link(self._current, f"sets/{path.name}")
        return Published(path, edition)

    def see(self, path: Path, seen: Mapping[int, int]) -> None:
        """Note how far narrow counters have counted."""
        write(path / "seen", json.dumps(seen).encode())

    def seen(self, path: Path) -> dict[int, int]:
        with suppress(FileNotFoundError):
            return {int(counter): number for counter, number in json.loads((path / "seen").read_bytes()).items()}
        return {}

    # --- Pages -------------------------------------------------------------------------------------------------------

    def place(self, path: Path, page: Page) -> None:
        """Put a page into a set. Raises OSError where the disk does not take it."""
        # First what leads to the page, so that it is found again even if this process dies in between.
        for what, which in page.keys | clock(page.until):
            index = path / "on" / what / which
            make_folder(index)
            with suppress(FileExistsError):
                (index / digest(page.name.encode())).symlink_to(page.name)
        target = path / f"pages{page.name}"
        make_folder(target.parent)
        for ending, content in page.contents.items():
            write(target.with_name(target.name + ending), content)
        self._add_used(path, sum(map(len, page.contents.values())))

    def has(self, path: Path, name: str) -> bool:
        return (path / f"pages{name}").exists()

    def drop(self, path: Path, keys: Iterable[Key]) -> None:
        """Take away the pages that depend on any of these."""
        for what, which in keys:
            index = path / "on" / what / which
            with suppress(FileNotFoundError):
                for entry in list(index.iterdir()):
                    self._drop_page(path, entry)

    def _drop_page(self, path: Path, entry: Path) -> None:
        with suppress(FileNotFoundError):  # another writer was faster, with this one
            target = path / f"pages{entry.readlink()}"
            for ending in ENDINGS:
                target.with_name(target.name + ending).unlink(missing_ok=True)
            # Last: until then another one who looks for the page has to find it.
            entry.unlink()

    def used(self, path: Path) -> int:
        """How many bytes have been put into a set."""
        try:
            return int((path / "used").read_bytes())
        except FileNotFoundError:
            return 0

    def _add_used(self, path: Path, size: int) -> None:
        write(path / "used", b"%d" % (self.used(path) + size))

    # --- Time --------------------------------------------------------------------------------------------------------

    def lease(self, published: Published, now: float) -> None:
        """Let a set be served for some slots to come, as far as time alone changes nothing; past leases go."""
        path, edition = published
        there = {int(entry.name) for entry in path.iterdir() if entry.name.isdigit()}
        wanted = {slot for slot in slots_from(now) if (slot + 1) * SLOT + MARGIN <= edition.due}
        self._drop_expiring(path, max(wanted, default=0))
        for slot in wanted - there:
            with suppress(FileExistsError):
                (path / str(slot)).symlink_to("pages")
        for slot in there - set(slots_from(now)):
            (path / str(slot)).unlink(missing_ok=True)

    def _drop_expiring(self, path: Path, slot: int) -> None:
        with suppress(FileNotFoundError):
            for entry in list((path / "on" / "clock").iterdir()):
                if int(entry.name) <= slot:
                    self.drop(path, [("clock", entry.name)])
                    entry.rmdir()

    def outlasts(self, until: float, now: float) -> bool:
        """Whether a page that is good until then may be published: leases may be out for as long."""
        return until == inf or clock_slot(until) > slots_from(now)[-1]

    # --- Cleaning up -------------------------------------------------------------------------------------------------

    def left_over(self) -> list[Path]:
        """The sets that nobody can publish any more: their names do not come again. Ask under the lock."""
        published = self.published()
        sets = self.path / "sets"
        return [path for path in sets.iterdir() if not published or path != published.path] if sets.exists() else []

    def sweep(self, left_over: Iterable[Path]) -> None:
        for path in left_over:
            # Another publisher may be sweeping as well.
            shutil.rmtree(path, ignore_errors=True)


def slot_of(moment: float) -> int:
    return int(moment) // SLOT


def slots_from(now: float) -> range:
    first = slot_of(now)
    return range(first, first + AHEAD + 1)


def clock(until: float) -> set[Key]:
    return set() if until == inf else {("clock", str(clock_slot(until)))}


def clock_slot(until: float) -> int:
    """The first slot in which a page must not be served that is good until then."""
    return slot_of(until - MARGIN)
