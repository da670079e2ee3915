"""Quoting what was found: the stretch of a text in which most of the query stands. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from django.utils.safestring import SafeString

from .. import markup, terms
from ..slugs import fold
from .query import Clause, Query

LENGTH = 200
# Before the first word that was found.
_LEAD = 60
_MAX_MARKS = 60

type Span = tuple[int, int]


class _Folding(dict[int, str]):
    """Each character folded to one, so that places in a folded text are places in the text."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code))
        self[code] = base = folded[0] if folded and not unicodedata.combining(chr(code)) else chr(code)
        return base


_folding = _Folding()


def folded(text: str) -> str:
    """`text` folded, of the same length."""
    return text.lower() if text.isascii() else text.translate(_folding)


def title(text: str, query: Query, language: str) -> SafeString:
    return markup.highlighted(text, marks(folded(text), query, language))


def snippet(text: str, fallback: str, query: Query, language: str) -> SafeString:
    """About `LENGTH` characters of the text, the words found marked; of the fallback if the text has none."""
    found = list(islice(marks(folded(text), query, language), _MAX_MARKS))
    if not found and fallback:
        text, found = fallback, list(islice(marks(folded(fallback), query, language), _MAX_MARKS))
    start = _beginning(text, _best_start(text, found))
    end = _ending(text, start)
    inside = [(first - start, last - start) for first, last in found if start <= first and last <= end]
    lead, tail = ("…" if start else ""), ("…" if end < len(text) else "")
    shifted = [(first + len(lead), last + len(lead)) for first, last in inside]
    return markup.highlighted(f"{lead}{text[start:end].strip()}{tail}", shifted)


def marks(text: str, query: Query, language: str) -> Iterable[Span]:
    """Where in a folded text words of the query stand."""
    wanted = frozenset(word for clause in query for word in _words(clause))
    pattern = _pattern(wanted)
    if pattern is None:
        return
    exact = {term for term, is_prefix in wanted if not is_prefix}
    starts = tuple(term for term, is_prefix in wanted if is_prefix)
    for match in pattern.finditer(text):
        word = match[0]
        found = terms.terms_of(word, language)
        if not exact.isdisjoint(found) or (starts and word.startswith(starts)) or word in exact:
            yield match.span()


def _words(clause: Clause) -> Iterable[tuple[str, bool]]:
    """The terms of a clause, each with whether it may go on."""
    for alternative in clause:
        for place, term in enumerate(alternative.terms, start=1):
            yield term, alternative.is_prefix and place == len(alternative.terms)


@lru_cache(maxsize=256)
def _pattern(wanted: frozenset[tuple[str, bool]]) -> re.Pattern[str] | None:
    """Words that may be meant: those that begin like a term, since a stem seldom changes the beginning of its word."""
    if not wanted:
        return None
    whole, begun = set(), set()
    for term, is_prefix in wanted:
        if terms.is_ideographic(term) or not term.isalpha():
            whole.add(re.escape(term) + (r"[\w.]*" if is_prefix else ""))
        else:
            begun.add(re.escape(term if is_prefix else term[: max(3, len(term) - 2)]))
    parts = sorted(whole, key=len, reverse=True)
    if begun:
        parts.append(rf"(?<![^\W_])(?:{'|'.join(sorted(begun))})[^\W_]*")
    return re.compile("|".join(parts))


def _best_start(text: str, found: list[Span]) -> int:
    """The first mark of the stretch that holds the most different words, the earliest of equals."""
    best, start = 0, 0
    for place, (first, _) in enumerate(found):
        near = {text[a:b].lower() for a, b in found[place:] if b <= first + LENGTH - _LEAD}
        if len(near) > best:
            best, start = len(near), first
    return start


def _beginning(text: str, mark: int) -> int:
    """Where to begin so that the mark has some words before it."""
    if mark <= _LEAD:
        return 0
    blank = text.find(" ", mark - _LEAD, mark)
    return blank + 1 if blank >= 0 else mark


def _ending(text: str, start: int) -> int:
    if len(text) <= start + LENGTH:
        return len(text)
    blank = text.rfind(" ", start, start + LENGTH)
    return blank if blank > start else start + LENGTH
