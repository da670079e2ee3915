"""Quotation marks of the languages, as the Unicode CLDR has them (https://cldr.unicode.org, delimiters)."""

from __future__ import annotations

type Quotes = tuple[str, str, str, str]
"""What opens and closes a quotation, and what opens and closes one inside it."""

ENGLISH_QUOTES: Quotes = ("“", "”", "‘", "’")
_LOW: Quotes = ("„", "“", "‚", "‘")
_LOW_AND_HIGH: Quotes = ("„", "”", "«", "»")
_ANGLES: Quotes = ("«", "»", "“", "”")
_ANGLES_AND_LOW: Quotes = ("«", "»", "„", "“")
_ANGLES_AND_SINGLE: Quotes = ("«", "»", "‘", "’")
_HIGH: Quotes = ("”", "”", "’", "’")
_CORNERS: Quotes = ("「", "」", "『", "』")
# Narrow spaces that do not break, as the Imprimerie nationale sets them.
_SPACED_ANGLES: Quotes = ("«\u202f", "\u202f»", "“", "”")

_QUOTES: dict[Quotes, str] = {
    _LOW: "bg cs de dsb et hr hsb is ka lt mk sk sl sq sr",
    _LOW_AND_HIGH: "hu pl ro",
    _ANGLES: "ast az ca el es eu hy it kab pt-pt",
    _ANGLES_AND_LOW: "be kk ky ru tg tk tt uk",
    _ANGLES_AND_SINGLE: "nb nn no",
    _HIGH: "fi he sv",
    _CORNERS: "ja zh-hant",
    _SPACED_ANGLES: "br fr",
    ("”", "“", "’", "‘"): "ar ar-dz ckb",
    ("«", "»", "‹", "›"): "fa",
    ENGLISH_QUOTES: "es-co es-mx es-ni es-ve",
}
_OF_LANGUAGE = {language: quotes for quotes, languages in _QUOTES.items() for language in languages.split()}


def quotes_of(language: str) -> Quotes:
    """The quotation marks of a language by its code, such as "de" or "es-mx"; English ones where none are known."""
    return _OF_LANGUAGE.get(language) or _OF_LANGUAGE.get(language.partition("-")[0], ENGLISH_QUOTES)
