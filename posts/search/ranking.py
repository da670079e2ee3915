"""The order of what was found: titles above texts, phrases above scattered words, often above seldom, new above old.

Pure arithmetic on what is stored of each post, the same on every engine. It knows nothing of the other posts, so that
no order can tell of those that are hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from .query import Alternative, Clause, Query

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
    scored = [(score(candidate, queries[candidate.language], now), candidate) for candidate in candidates]
    scored.sort(key=lambda pair: (-pair[0], -pair[1].published.timestamp(), -pair[1].pk))
    return [candidate.pk for _, candidate in scored]


def score(candidate: Candidate, query: Query, now: datetime) -> float:
    """Up to 10 for a title, up to 1 for a text, and a fifth for being new."""
    return title_score(candidate.title, query) + text_score(candidate, query) + novelty(candidate.published, now) / 5


def title_score(title: str, query: Query) -> float:
    """5 for all words, 2 for them in their order, 3 for nothing besides; a share of 3 for some of the words."""
    padded = f" {title} "
    found = [_best(padded, clause) for clause in query]
    share = sum(found) / len(found)
    if not all(found):
        return 3 * share
    covered = sum(len(clause[0].terms) for clause in query) / (title.count(" ") + 1)
    return 5 * share + 2 * (_in_order(padded, query) and len(query) > 1) + 3 * min(covered, 1) * share


def _best(padded: str, clause: Clause) -> float:
    """1 for the words themselves, less for a guess, 0 for nothing. `padded` are terms between blanks."""
    for number, alternative in enumerate(clause):
        if _needle(alternative) in padded:
            return _GUESSED if number else 1.0
    return 0.0


def _needle(alternative: Alternative) -> str:
    return f" {' '.join(alternative.terms)}{'' if alternative.is_prefix else ' '}"


def _in_order(padded: str, query: Query) -> bool:
    return " ".join(term for clause in query for term in clause[0].terms) in padded


def text_score(candidate: Candidate, query: Query) -> float:
    """How much the text is about the words: for each how often it stands there, levelling off, by the text's length."""
    expected = _TELLING * (candidate.length + _TYPICAL_LENGTH) / 2
    times = [_times(candidate.weights, clause) for clause in query]
    return sum(number / (number + expected) for number in times) / len(times)


def _times(weights: str, clause: Clause) -> float:
    """How often it stands in a text; a phrase as often as its rarest word."""
    number, best = 0.0, 0.0
    for number, alternative in enumerate(clause):
        rarest = min(_count(weights, term, alternative.is_prefix) for term in alternative.terms)
        best = max(best, rarest * (_GUESSED if number else 1.0))
    return best


def _count(weights: str, term: str, is_prefix: bool) -> int:
    if not is_prefix:
        start = weights.find(f" {term}:")
        return int(weights[start + len(term) + 2 : weights.index(" ", start + 1)]) if start >= 0 else 1
    found = re.findall(rf" {re.escape(term)}[^: ]*:(\d+)", weights)
    return max(map(int, found), default=1)


def novelty(published: datetime, now: datetime) -> float:
    """1 for today, half of it for three years ago."""
    days = max((now - published).total_seconds() / 86_400, 0)
    return 0.5 ** (days / _HALF_LIFE_IN_DAYS)
