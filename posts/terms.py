"""Terms: what a text comes down to when it is searched. The same for posts and for queries, on every engine.

A text is folded (case, accents), cut into words, and each word is reduced to its stem by the rules of its language. The
databases get the finished terms and need neither a parser nor a dictionary, so they cannot differ in either.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

import snowballstemmer

from .slugs import fold

MAX_TEXT = 300_000
"""Characters of a text that are searched."""

# PostgreSQL keeps no position above 16,383 and no more than 255 of one word (textsearch-limitations in its manual).
# Both engines get the same, so that a phrase is found by both or by none.
MAX_TERMS = 16_000
MAX_REPEATS = 255
MAX_TERM = 60

GAP = "·"
"""Stands where no phrase may lead across. Never part of a word."""

# One word: "c++", "c#", ".net"; a version such as "1.56.0"; else letters and digits, without "'s", "'t" and so on.
_WORD = re.compile(
    r"(?<!\w)[a-z]\+\+|(?<!\w)[a-z]#(?!\w)|(?<!\w)\.net\b|\d+(?:\.\d+)+|([^\W_]+)(?:['’](?:s|t|d|m|re|ve|ll)\b)?"
)
_IDEOGRAPHS = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(f"[{_IDEOGRAPHS}]+|[^{_IDEOGRAPHS}]+")
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_VERSION = re.compile(r"\d+(?:\.\d+)+")

# The languages whose stems are known, by their code (ISO 639-1), and the name of their rules.
_RULES = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "eo": "esperanto",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
_stemming = threading.Lock()


def base(language: str) -> str:
    """The code of a language whose rules are known, for one such as "pt-br"; "" for any other."""
    code = language.partition("-")[0]
    return code if code in _RULES else ""


def language_mark(language: str) -> str:
    """The term that every text of a language has."""
    return GAP + language


def words(text: str) -> Iterator[str]:
    """The words of a text, folded; a run of Chinese or Japanese is one word."""
    for match in _WORD.finditer(fold(text[:MAX_TEXT])):
        yield (match[1] or match[0])[:MAX_TERM]


def terms(text: str, language: str) -> list[str]:
    return [term for word in words(text) for term in terms_of(word, language)]


@lru_cache(maxsize=65_536)
def terms_of(word: str, language: str) -> tuple[str, ...]:
    """The terms of one folded word: its stem; of Chinese and Japanese, which know no blanks, each two neighbours."""
    if word.isascii() or not _IDEOGRAPH.search(word):
        return (stem(word, language),)
    found: list[str] = []
    for run in _RUN.findall(word):
        if _IDEOGRAPH.match(run):
            found.extend(run[at : at + 2] for at in range(len(run)))
        else:
            found.append(stem(run, language))
    return tuple(found)


def stem(word: str, language: str) -> str:
    rules = _RULES.get(language)
    if rules is None or len(word) < 3 or not word.isalpha():
        return word
    with _stemming:
        return _stemmer(rules).stemWord(word) or word


@cache
def _stemmer(rules: str) -> snowballstemmer.stemmer:
    """It keeps the word that it is at, so that two threads may not use it at once."""
    return snowballstemmer.stemmer(rules)


def is_version(word: str) -> bool:
    return bool(_VERSION.fullmatch(word))


def is_ideographic(word: str) -> bool:
    """Whether a word ends in Chinese or Japanese, which is written without blanks."""
    return bool(_IDEOGRAPH.match(word[-1]))


def bounded(found: Iterable[str]) -> list[str]:
    """As many terms as every engine can hold; what is repeated beyond that leaves a gap."""
    seen: Counter[str] = Counter()
    kept = []
    for term in found:
        seen[term] += 1
        kept.append(term if seen[term] <= MAX_REPEATS else GAP)
        if len(kept) == MAX_TERMS:
            break
    return kept
