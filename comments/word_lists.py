"""The site's lists of words that hold a comment or make it spam."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from . import abuse


@dataclass(frozen=True)
class Searched:
    """What the lists are looked for in: the texts of a comment, and the full network address that it came from."""

    texts: tuple[str, ...]
    address: str = ""

    @classmethod
    def of(cls, texts: Iterable[str], address: object | None) -> Searched:
        return cls(tuple(abuse.fold(text) for text in texts if text), str(address) if address else "")


@dataclass(frozen=True)
class Match:
    """The word of a list that was found.

    One that was found in the network address is not told (`word` is empty): it would keep what we have promised not to.
    """

    word: str
    in_address: bool = False


def find(words: str, searched: Searched) -> Match | None:
    """The first of the words, one a line, that stands in one of the texts, or that begins the network address.

    As in WordPress, a word is also found inside of longer ones, and in small or capital letters. An address is compared
    with words that have a dot or a colon in them: "203.0.113." is meant for it, "7" is not.
    """
    for line in words.splitlines():
        word = line.strip()
        folded = abuse.fold(word)
        if folded and any(folded in text for text in searched.texts):
            return Match(word)
        if {".", ":"} & set(word) and searched.address.startswith(word.lower()):
            return Match("", in_address=True)
    return None
