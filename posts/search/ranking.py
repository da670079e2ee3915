"""The order of what was found: titles above texts, phrases above scattered words, often above seldom, new above old.

Pure arithmetic on what is stored of each post, the same on every engine. It knows nothing of the other posts, so that
no order can tell of those that are hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .query import Alternative, Query

# A prefix is a guess, the word itself is not.
_GUESSED = 0.6
# A word that stands there ten times in a thousand is what a text is about.
_TELLING = 10 / 1000
_TYPICAL_LENGTH = 400
_HALF_LIFE_IN_DAYS = 3 * 365


@dataclass(frozen=True)
class Candidate:
    """What is known of a post that was found. `title` and `weights` are as in SearchDocument."""

    pk: int
    language: str
    title: str
    weights: str
    length: int
    published: datetime


def ranked(candidates: list[Candidate], queries: Mapping[str, Query], now: datetime) -> list[int]:
    """The ids, the best first. `queries` has the same query in the terms of each language."""
    scorers = {language: Scorer(query) for language, query in queries.items()}
    scored = [
        (scorers[one.language].score(one) + novelty(one.published, now) / 5, one.published, one.pk)
        for one in candidates
    ]
    return [pk for _, _, pk in sorted(scored, reverse=True)]


class Scorer:
    """Up to 10 for a title and up to 1 for a text, for all candidates of one language."""

    def __init__(self, query: Query) -> None:
        self._clauses = [[_Way(way, number) for number, way in enumerate(clause)] for clause in query]
        self._length = sum(len(clause[0].terms) for clause in query)
        self._in_order = f" {' '.join(term for clause in query for term in clause[0].terms)}"

    def score(self, candidate: Candidate) -> float:
        return self.title_score(candidate.title) + self.text_score(candidate.weights, candidate.length)

    def title_score(self, title: str) -> float:
        """5 for all words, 2 for several in their order, 3 for nothing besides; a share of 3 for some of the words."""
        padded = f" {title} "
        found = [max([way.trust * (way.needle in padded) for way in clause]) for clause in self._clauses]
        share = sum(found) / len(found)
        if not all(found):
            return 3 * share
        in_order = len(found) > 1 and self._in_order in padded
        return 5 * share + 2 * in_order + 3 * share * min(1, self._length / (title.count(" ") + 1))

    def text_score(self, weights: str, length: int) -> float:
        """How often each word stands in the text, levelling off, by the length of the text."""
        expected = _TELLING * (length + _TYPICAL_LENGTH) / 2
        times = [max([way.trust * way.times(weights) for way in clause]) for clause in self._clauses]
        return sum(number / (number + expected) for number in times) / len(times)


class _Way:
    """One way in which a word or phrase may stand in a text; the first is the surest."""

    def __init__(self, way: Alternative, number: int) -> None:
        self.trust = _GUESSED if number else 1.0
        *before, last = way.terms
        self.needle = f" {' '.join(way.terms)}{'' if way.is_prefix else ' '}"
        self._counted = [*(f" {term}:" for term in before), f" {last}" if way.is_prefix else f" {last}:"]

    def times(self, weights: str) -> int:
        """How often it stands in a text; a phrase as often as its rarest word."""
        return min([_times(weights, counted) for counted in self._counted])


def _times(weights: str, counted: str) -> int:
    """The number behind a term: the first is the highest, for a prefix, too. What is not there may come once."""
    start = weights.find(counted)
    if start < 0:
        return 1
    return int(weights[weights.index(":", start) + 1 : weights.index(" ", start + 1)])


def novelty(published: datetime, now: datetime) -> float:
    """1 for today, half of it for three years ago."""
    days = max((now - published).total_seconds() / 86_400, 0)
    return 0.5 ** (days / _HALF_LIFE_IN_DAYS)
