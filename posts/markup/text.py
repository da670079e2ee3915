"""Plain text: what may enter the database, and what can be counted and quoted from a rendered body."""

from __future__ import annotations

import math
import re
import unicodedata

EXCERPT_LENGTH = 280

# Words of an alphabet, or characters of Chinese and Japanese: readers of both manage about as many in a minute
# (Trauzettel-Klosinski and Dietz, "Standardized Assessment of Reading Performance", IOVS 53:9, 2012).
WORDS_PER_MINUTE = 230

_NEWLINE = re.compile("\r\n?|\u0085")

# What XML 1.0 cannot carry (section 2.2), and the controls and noncharacters that HTML calls an error besides.
# One of them in a title would make a feed reader refuse the whole feed.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)

# A letter may carry thirty marks, as in Unicode's own stream-safe text (UAX #15, section 13). NFC puts the marks of one
# letter in order in the square of their number: without a bound, 200 KB of them cost half a minute.
# Three Tibetan vowels are no marks themselves, but fall apart into two.
_MARKS = "".join(
    mark for mark in map(chr, range(0x300, 0x20000)) if unicodedata.combining(unicodedata.normalize("NFD", mark)[0])
)
_SURPLUS_MARKS = re.compile(f"([{_MARKS}]{{30}})[{_MARKS}]+")
# What all of them are among, and hardly any text: a range is found ten times as fast as a set of a thousand pieces.
_MAY_BE_MARKS = re.compile("[\u0300-\U0001ffff]{31}")

# Embeddings, overrides and isolates reorder all that follows them on the same line: in a list or a <title>, words
# that are not their author's. The marks U+200E, U+200F and U+061C move only their neighbours and stay.
# With them go the characters of no width that make a title look empty; the joiners that scripts and emoji need stay.
_UNFIT_FOR_A_LINE = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]")

# Han, kana and their marks: written without spaces, so that each character counts as a word.
_IDEOGRAPH = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U0001b000-\U0001b16f\U00020000-\U000323af]"
)


def clean_text(value: str) -> str:
    """The door for every text: legal in XML and HTML, lines ended by a line feed alone, in Unicode's form NFC."""
    if value.isascii() and value.isprintable():
        return value  # as nearly all short texts are: this is asked of each at every saving
    legal = _ILLEGAL.sub("", _NEWLINE.sub("\n", value))
    # Bounded again after it: NFC itself makes two marks of some.
    return _bound_marks(unicodedata.normalize("NFC", _bound_marks(legal)))


def clean_line(value: str) -> str:
    """The door for a text of one line, such as a title.

    White space of any kind and length becomes one space, none at the ends, and characters that reorder the line
    or cannot be seen are left out.
    """
    return " ".join(_UNFIT_FOR_A_LINE.sub("", clean_text(value)).split())


def _bound_marks(text: str) -> str:
    return _SURPLUS_MARKS.sub(r"\1", text) if _MAY_BE_MARKS.search(text) else text


def count_words(text: str) -> int:
    """Pieces between spaces that hold a letter or a digit, and each ideograph."""
    alphabetic, ideographs = _IDEOGRAPH.subn(" ", text)
    return ideographs + sum(any(map(str.isalnum, piece)) for piece in alphabetic.split())


def reading_minutes(words: int) -> int:
    """Whole minutes, rounded up; none for no words."""
    return math.ceil(words / WORDS_PER_MINUTE)


def shorten(text: str, limit: int = EXCERPT_LENGTH) -> str:
    """The text itself, or its beginning up to a word's end and an ellipsis; at most `limit` characters."""
    if len(text) <= limit:
        return text
    end = limit - 1
    last_space = text.rfind(" ", limit // 2, end + 1)
    if last_space > 0:
        end = last_space
    else:
        while end > 1 and _continues(text, end):
            end -= 1
    return text[:end].rstrip(" ,;:.–—-([“‘") + "…"


def _continues(text: str, position: int) -> bool:
    """Whether a cut here would part one visible character: an accent from its letter, or a joined emoji."""
    joiner = "\u200d"
    here = text[position]
    return here == joiner or text[position - 1] == joiner or unicodedata.category(here) in {"Mn", "Mc", "Me"}
