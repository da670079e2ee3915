"""The site's lists of words that hold a comment or make it spam."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from . import abuse

# A long list is searched for in a long text by looking at the texts' own pieces of so many letters first.
PIECE = 3


@dataclass(frozen=True)
class Searched:
    """What the lists are looked for in: the texts of a comment, and the full network address that it came from."""

    texts: tuple[str, ...]
    address: str = ""

    @classmethod
    def of(cls, texts: Iterable[str], address: object | None) -> Searched:
        return cls(tuple({abuse.fold(text) for text in texts if text}), str(address) if address else "")

    @cached_property
    def pieces(self) -> set[str]:
        """What words may begin with that are in the texts: every piece of up to PIECE letters."""
        return {
            text[start : start + length]
            for text in self.texts
            for length in range(1, PIECE + 1)
            for start in range(len(text) - length + 1)
        }

    def has(self, word: str) -> bool:
        return word[:PIECE] in self.pieces and any(word in text for text in self.texts)


@dataclass(frozen=True)
class Match:
    """The word of a list that was found, if any.

    One that was found in the network address is not told (`word` is empty): it would keep what we have promised not to.
    """

    word: str = ""
    in_address: bool = False


def find(words: str, searched: Searched) -> Match:
    """The first of the words, one a line, that stands in one of the texts, or that begins the network address.

    As in WordPress, a word is also found inside of longer ones, and in small or capital letters. An address is compared
    with words that have a dot or a colon in them: "203.0.113." is meant for it, "7" is not.
    """
    for word, folded in _folded(words):
        if searched.has(folded):
            return Match(word)
        if {".", ":"} & set(word) and searched.address.startswith(word.lower()):
            return Match(in_address=True)
    return Match()


@lru_cache(maxsize=4)
def _folded(words: str) -> tuple[tuple[str, str], ...]:
    """Each word as it was written, and as it is compared. The lists are the same for all comments and seldom change."""
    lines = dict.fromkeys(line.strip() for line in words.splitlines())
    return tuple((line, folded) for line in lines if (folded := abuse.fold(line).strip()))
