"""A better spelling of a query that finds nothing, or hardly anything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..models import SpellingKey
from ..models.spelling import head, is_word, shortened

MAX_WORDS_OF_A_HEAD = 2000
MAX_BEGINNINGS = 20


class Known(NamedTuple):
    """For each word the words that it may be meant to be, the likeliest first; and words that go on like another."""

    alike: dict[str, list[str]]
    beginning: list[str]


def beginning_with(start: str) -> list[str]:
    """Words that go on like this, the shortest first."""
    return known((), start).beginning


def alike(words: Iterable[str]) -> dict[str, list[str]]:
    """For each word the words that it may be meant to be, the likeliest first."""
    return known(words).alike


def known(words: Iterable[str], start: str = "") -> Known:
    """By one query."""
    meant = {word: _keys(word) for word in words if is_word(word)}
    by_key: dict[str, list[str]] = {}
    for key, word in _rows({key for own in meant.values() for key in own}, start if is_word(start) else ""):
        by_key.setdefault(key, []).append(word)
    going_on = [word for word in by_key.pop(head(start), ()) if word.startswith(start)]
    alike = {
        word: _likeliest(word, {other for key in own for other in by_key.get(key, ())}) for word, own in meant.items()
    }
    return Known(alike, sorted(going_on, key=lambda word: (len(word), word))[:MAX_BEGINNINGS])


def _rows(keys: set[str], start: str) -> Iterable[tuple[str, str]]:
    """Keys with their words: the given ones, and that of all words which begin like this, but for too many."""
    near = SpellingKey.objects.filter(key__in=keys).exclude(key__endswith="*").values_list("key", "word")
    if not start:
        return near
    words = SpellingKey.objects.filter(key=head(start)).values("word")[:MAX_WORDS_OF_A_HEAD]
    beginning = SpellingKey.objects.filter(key=head(start), word__in=words).values_list("key", "word")
    return near.union(beginning, all=True) if keys else beginning


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
