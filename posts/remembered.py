"""Texts that were made of something, kept as far as there is room for them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from sys import getsizeof
from threading import Lock

from django.utils.safestring import SafeString

# Of a text that takes more than this part of the room, no other one should have to pay the price.
LARGEST = 0.25
# Bytes that each takes besides its characters.
OVERHEAD = 1000


@dataclass(slots=True, eq=False)
class Text:
    """`size` is what it takes, and `is_asked` tells that it was asked for since it came in or was looked at last."""

    text: SafeString
    size: int
    is_asked: bool = False


class Remembered[K: Hashable]:
    """What `make` makes of a key, made anew only where it is not kept. For several threads.

    `room` is in bytes, of the texts and of the keys, which are taken to be as long: whoever can write something long
    must not fill the memory. The oldest has to go first, unless it was asked for again.
    """

    def __init__(self, make: Callable[[K], SafeString], room: int) -> None:
        self._make = make
        self._room = room
        self._texts: dict[K, Text] = {}
        self._lock = Lock()
        self.taken = 0

    def __call__(self, key: K) -> SafeString:
        known = self._texts.get(key)
        if known is not None:
            known.is_asked = True
            return known.text
        text = self._make(key)
        self._keep(key, Text(text, 2 * getsizeof(text) + OVERHEAD))
        return text

    def forget(self) -> None:
        with self._lock:
            self._texts.clear()
            self.taken = 0

    def _keep(self, key: K, text: Text) -> None:
        with self._lock:
            # Another thread may have been faster.
            if text.size > self._room * LARGEST or key in self._texts:
                return
            self._texts[key] = text
            self.taken += text.size
            while self.taken > self._room:
                self._judge_oldest()

    def _judge_oldest(self) -> None:
        key = next(iter(self._texts))
        text = self._texts.pop(key)
        if text.is_asked:
            text.is_asked = False
            self._texts[key] = text
        else:
            self.taken -= text.size
