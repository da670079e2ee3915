"""A better spelling of a query that finds nothing, or hardly anything."""

from __future__ import annotations

from collections.abc import Iterable

from ..models import SpellingKey
from ..models.spelling import head, is_word, shortened

MAX_WORDS_OF_A_HEAD = 2000
MAX_BEGINNINGS = 20


def beginning_with(start: str) -> list[str]:
    """Words that go on like this, the shortest first."""
    if not is_word(start):
        return []
    words = SpellingKey.objects.filter(key=head(start)).values_list("word", flat=True)[:MAX_WORDS_OF_A_HEAD]
    return sorted((word for word in words if word.startswith(start)), key=lambda word: (len(word), word))[
        :MAX_BEGINNINGS
    ]


def alike(words: Iterable[str]) -> dict[str, list[str]]:
    """For each word the words that it may be meant to be, the likeliest first."""
    meant = {word: _keys(word) for word in words if is_word(word)}
    keys = {key for own in meant.values() for key in own}
    found = SpellingKey.objects.filter(key__in=keys).exclude(key__endswith="*").values_list("key", "word")
    by_key: dict[str, list[str]] = {}
    for key, word in found:
        by_key.setdefault(key, []).append(word)
    return {
        word: _likeliest(word, {other for key in own for other in by_key.get(key, ())}) for word, own in meant.items()
    }


def _keys(word: str) -> set[str]:
    """Up to two letters too many are found, or one letter too few, or one of each."""
    return {key for one in shortened(word) for key in shortened(one)} if len(word) > 5 else shortened(word)


def _likeliest(word: str, others: set[str]) -> list[str]:
    others.discard(word)
    near = [(distance(word, other), other[0] != word[0], other) for other in others]
    return [other for far, _, other in sorted(near) if far <= 2]


def distance(one: str, other: str) -> int:
    """How many letters were left out, added, changed or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        following = [i]
        for j, b in enumerate(other, start=1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
