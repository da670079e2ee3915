"""Made-up words, as unevenly common as those of a language."""

from __future__ import annotations

import random
from itertools import accumulate

VOCABULARY = 30_000


class Language:
    """Words that can be stemmed and mistyped, drawn by Zipf's law: the n-th comes 1/n times as often as the first."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.words = _vocabulary(chance)
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))

    def some(self, number: int) -> list[str]:
        return self._chance.choices(self.words, cum_weights=self._weights, k=number)

    def text(self, length: int) -> str:
        return " ".join(self.some(length))


def _vocabulary(chance: random.Random) -> list[str]:
    """The commonest first."""
    syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
    endings = ["", "", "", "s", "ing", "ed", "tion", "ness"]
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        length = 2 if len(words) < 500 else chance.choice((2, 3, 3, 4))
        words["".join(chance.choices(syllables, k=length)) + chance.choice("nrstl") + chance.choice(endings)] = None
    return list(words)
