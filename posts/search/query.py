"""Reading a query: words and "phrases in quotation marks", of which each must occur. Pure; any text is a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .. import markup, terms

MAX_QUERY_LENGTH = 200
MAX_WORDS = 8
SHORTEST_PREFIX = 3

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECE = re.compile(r'"([^"]*)"?|([^\s"]+)')


@dataclass(frozen=True)
class Alternative:
    """Terms that follow each other; as a prefix, the last one may go on."""

    terms: tuple[str, ...]
    is_prefix: bool = False


type Clause = tuple[Alternative, ...]
"""One thing that must occur, in any of these ways; the first is the word itself."""

type Query = tuple[Clause, ...]
"""All that must occur, in the terms of one language."""

type Expand = Callable[[str], Iterable[str]]
"""The words that begin like this, as far as they are known."""


@dataclass(frozen=True)
class Piece:
    """A word or a phrase as it was typed, folded."""

    words: tuple[str, ...]
    is_phrase: bool = False
    is_prefix: bool = False

    def __str__(self) -> str:
        words = " ".join(self.words)
        return f'"{words}"' if self.is_phrase else words

    def apart(self) -> list[Piece]:
        return [Piece((word,), is_prefix=self.is_prefix and word == self.words[-1]) for word in self.words]

    def spelt(self, better: Mapping[str, str]) -> Piece:
        return Piece(tuple(better.get(word, word) for word in self.words), self.is_phrase)


def clean(text: str) -> str:
    """A query as it is used: one line, cut where nobody types on."""
    return markup.clean_line(text[: 4 * MAX_QUERY_LENGTH])[:MAX_QUERY_LENGTH].strip()


def pieces(text: str) -> list[Piece]:
    """What a cleaned query asks for. The last word may be unfinished, unless it stands in quotation marks."""
    found: list[Piece] = []
    left = MAX_WORDS
    for match in _PIECE.finditer(text.translate(_QUOTES)):
        words = tuple(terms.words(match[0]))[:left]
        if words:
            typed = match[2]
            may_go_on = typed is not None and (typed.endswith("*") or match.end() == len(text))
            found.append(Piece(words, is_phrase=typed is None, is_prefix=may_go_on))
            left -= len(words)
    return found


def read(found: Iterable[Piece], language: str, expand: Expand) -> Query:
    return tuple(_clause(piece, language, expand) for piece in found)


def _clause(piece: Piece, language: str, expand: Expand) -> Clause:
    exact = tuple(term for word in piece.words for term in terms.terms_of(word, language))
    first, last = exact[: -len(terms.terms_of(piece.words[-1], language))], piece.words[-1]
    alternatives = [Alternative(exact)]
    if terms.is_ideographic(last):
        # The last character alone stands at the end of a run only; elsewhere it begins a pair.
        return (Alternative(exact[:-1]) if len(exact) > 1 else Alternative(exact, is_prefix=True),)
    if terms.is_version(last):
        alternatives.append(Alternative((*first, f"{last}."), is_prefix=True))
    if piece.is_prefix and len(last) >= SHORTEST_PREFIX:
        alternatives.append(Alternative((*first, last), is_prefix=True))
        stems = {terms.stem(word, language) for word in expand(last)}
        alternatives += [Alternative((*first, stem)) for stem in sorted(stems) if not stem.startswith(last)]
    return tuple(dict.fromkeys(alternatives))
