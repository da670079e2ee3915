"""A better spelling of a query that finds nothing: one that does find something. Three queries, whatever was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from django.db.models import QuerySet, Value

from ..models import SearchDocument
from ..slugs import fold
from . import spelling
from .candidates import ids
from .narrowing import Narrowing
from .query import Piece
from .reading import Reading
from .tables import TEXTS

MAX_ATTEMPTS = 6
# Posts that are asked whether they have a word as it is written: for each word, and for all.
MAX_WITNESSES = 20
MAX_TEXTS = 80
WRITTEN = ("post__title", "post__summary", "text")
# Instead of the number of an attempt.
WITNESS = -1


@dataclass(frozen=True)
class Attempt:
    """The query in another spelling, and the words in which it differs."""

    pieces: Sequence[Piece]
    words: frozenset[str]

    def __str__(self) -> str:
        return " ".join(map(str, self.pieces))


def suggestion(reading: Reading, only: Narrowing) -> str:
    """A query that differs in words that nothing has, and that does find something; or ""."""
    alike = spelling.alike(word.words[0] for word in reading.words)
    doubtful = [word for word in reading.words if alike.get(word.words[0])]
    if not doubtful:
        return ""
    had = _had([[word] for word in doubtful], reading, only)
    unknown = [word.words[0] for number, word in enumerate(doubtful) if number not in had]
    if not unknown:
        return ""
    attempts = list(_attempts(reading, {word: alike[word] for word in unknown}))
    return _first_proven(attempts, reading, only)


def _attempts(reading: Reading, meant: Mapping[str, Sequence[str]]) -> Iterator[Attempt]:
    """The likeliest first: of several words, each may be the first or a later one of those that it may be meant to be.

    The more words, the fewer of each are tried.
    """
    depth = MAX_ATTEMPTS // len(meant) + 1
    choices = sorted(product(*(range(min(len(others), depth)) for others in meant.values())), key=sum)
    for chosen in choices[:MAX_ATTEMPTS]:
        better = {word: meant[word][number] for word, number in zip(meant, chosen, strict=True)}
        yield Attempt([piece.spelt(better) for piece in reading.pieces], frozenset(better.values()))


def _had(asked: Sequence[Sequence[Piece]], reading: Reading, only: Narrowing) -> set[int]:
    """The numbers of those that anything has, in a language of the reading."""
    found = [_documents(each, 1, reading, only).values_list(Value(number)) for number, each in enumerate(asked)]
    return {number for (number,) in _all(found)}


def _first_proven(attempts: Sequence[Attempt], reading: Reading, only: Narrowing) -> str:
    """The first that finds something, and whose words stand in this form in a listed post.

    A text that is hidden may have taught the word, and a listed one have no more than its stem.
    """
    words = sorted({word for attempt in attempts for word in attempt.words})
    each = max(min(MAX_WITNESSES, MAX_TEXTS // len(words)), 1)
    nothing, anywhere = [Value("")] * 4, replace(only, by=())
    found = [
        _documents(attempt.pieces, 1, reading, only).values_list(Value(number), *nothing)
        for number, attempt in enumerate(attempts)
    ]
    texts = [
        _documents([Piece((word,))], each, reading, anywhere).values_list(Value(WITNESS), Value(word), *WRITTEN)
        for word in words
    ]
    finding, written = set(), set()
    for number, word, *parts in _all([*found, *texts]):
        if number != WITNESS:
            finding.add(number)
        elif word not in written and word in fold(" ".join(parts)):
            written.add(word)
    proven = (attempt for number, attempt in enumerate(attempts) if number in finding and attempt.words <= written)
    return str(next(proven, ""))


def _documents(pieces: Sequence[Piece], limit: int, reading: Reading, only: Narrowing) -> QuerySet[SearchDocument]:
    """Those that have these, the newest."""
    wanted = reading.of(pieces).wanted
    return SearchDocument.objects.order_by().filter(pk__in=ids(TEXTS, wanted, limit, only))


def _all(querysets: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """By one query."""
    return querysets[0].union(*querysets[1:], all=True).order_by()
