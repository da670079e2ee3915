"""Slugs: how a title becomes an address. static/js/slug.js follows the same rule while an editor types."""

import re
import unicodedata
from collections.abc import Callable

MAX_LENGTH = 120

# Letters that Unicode does not decompose into a base letter and a mark.
FOLDED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})


def fold(text: str) -> str:
    """`text` without the difference of case and of accents, of full-width and other forms of one letter."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(FOLDED))
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", decomposed))


def slugify(text: str, max_length: int = MAX_LENGTH) -> str:
    """`text` as an address: lower case, accents folded, every run of anything else one hyphen.

    Letters of any script stay, so that a Japanese title gives a Japanese address. May return "".
    """
    joined = re.sub("['’]", "", fold(text))
    hyphenated = re.sub(r"[\W_]+", "-", joined).strip("-")
    if len(hyphenated) <= max_length:
        return hyphenated
    cut = hyphenated[:max_length]
    at_word = cut.rpartition("-")[0] if hyphenated[max_length] != "-" else cut
    return (at_word or cut).strip("-")


def available(wanted: str, is_taken: Callable[[str], bool], max_length: int = MAX_LENGTH) -> str:
    """`wanted`, or the first of wanted-2, wanted-3 … that is not taken."""
    slug, number = wanted[:max_length], 1
    while is_taken(slug):
        number += 1
        suffix = f"-{number}"
        slug = wanted[: max_length - len(suffix)] + suffix
    return slug
