"""Where entries are kept: as many as there is room for, and the popular ones whatever else is asked for.

Who floods the site with addresses that nobody asks for twice fills the probation alone, which is a small part of the
room. What is asked for again there, or comes back soon after it had to go, is moved on to the rest, where the oldest
gets a second chance as often as it was asked for since (the queues of S3-FIFO, https://s3fifo.com/). So a hit only
leaves a mark, and moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from .answers import Entry
from .keys import Key

# The part of the room for what has not been asked for twice.
PROBATION = 0.1
# Of an entry that takes more than this part of the room, no other one should have to pay the price.
LARGEST = 0.1
# How many are remembered that had to go.
REMEMBERED = 4096


class Store:
    """`room` is in bytes. Not for several threads."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.entries: dict[Key, Entry] = {}
        self.taken = 0
        self.evicted = 0
        # What each entry takes, in the order in which they came.
        self._probation: dict[Key, int] = {}
        self._protected: dict[Key, int] = {}
        self._on_probation = 0
        self._gone: dict[Key, None] = {}

    def put(self, entry: Entry) -> bool:
        """Whether it was taken in: one that is too large is not."""
        self.drop(entry.key)
        if entry.size > self.room * LARGEST:
            return False
        self.entries[entry.key] = entry
        if entry.key in self._gone:
            del self._gone[entry.key]
            self._charge(self._protected, entry)
        else:
            self._charge(self._probation, entry)
        self._make_room()
        return True

    def grow(self, entry: Entry) -> None:
        """Take account of what an entry that is kept here, or was, has grown by."""
        if self.entries.get(entry.key) is entry:
            self._charge(self._queue(entry.key), entry)
            self._make_room()

    def drop(self, key: Key) -> None:
        if self.entries.pop(key, None):
            self._discharge(self._queue(key), key)

    def drop_where(self, is_bad: Callable[[Entry], bool]) -> None:
        """Drop the entries of which that is true. Popular ones may come back at once."""
        bad = [entry.key for entry in self.entries.values() if is_bad(entry)]
        for key in bad:
            if key in self._protected:
                self._remember(key)
            self.drop(key)

    def _queue(self, key: Key) -> dict[Key, int]:
        return self._probation if key in self._probation else self._protected

    def _charge(self, queue: dict[Key, int], entry: Entry) -> None:
        """Give an entry its place in a queue, or correct what it takes there."""
        more = entry.size - queue.get(entry.key, 0)
        queue[entry.key] = entry.size
        self.taken += more
        if queue is self._probation:
            self._on_probation += more

    def _discharge(self, queue: dict[Key, int], key: Key) -> None:
        size = queue.pop(key)
        self.taken -= size
        if queue is self._probation:
            self._on_probation -= size

    def _make_room(self) -> None:
        while self.taken > self.room:
            if self._on_probation > self.room * PROBATION or not self._protected:
                self._judge()
            else:
                self._give_another_chance()

    def _judge(self) -> None:
        """End the probation of the oldest: one that was asked for again stays."""
        key = next(iter(self._probation))
        entry = self.entries[key]
        self._discharge(self._probation, key)
        if entry.is_asked:
            entry.is_asked = False
            self._charge(self._protected, entry)
        else:
            del self.entries[key]
            self.evicted += 1
            self._remember(key)

    def _give_another_chance(self) -> None:
        key = next(iter(self._protected))
        entry = self.entries[key]
        size = self._protected.pop(key)
        if entry.is_asked:
            entry.is_asked = False
            self._protected[key] = size
        else:
            self.taken -= size
            del self.entries[key]
            self.evicted += 1

    def _remember(self, key: Key) -> None:
        self._gone[key] = None
        if len(self._gone) > REMEMBERED:
            del self._gone[next(iter(self._gone))]
