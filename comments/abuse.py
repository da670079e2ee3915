"""What a text itself shows of abuse: links, the markup of link spam, and characters that hide words or disguise them.

All of it is pure, and takes time in proportion to the length of the text, whatever stands there: no pattern can be made
to go back over what it has read.
"""

from __future__ import annotations

import html as html_escapes
import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

_TAG_OR_ADDRESS = re.compile(r"<(?P<end>/?)(?P<tag>[a-z]\w*+)(?P<rest>[^<>]*+)>|https?://|\bwww\.", re.IGNORECASE)
_REMOTE = re.compile(r'\bhref="(?:https?:)?//', re.IGNORECASE)

# The end tag, or the start with an address: `[url](https://…)` is a link in Markdown.
_BBCODE_LINK = re.compile(r"\[(?:url|link|img|email)=|\[/(?:url|link|img|email)\]", re.IGNORECASE)
_HTML_LINK = re.compile(r"<a\s++(?:href|rel|target|class|title|style)\s*+=", re.IGNORECASE)

_NO_WIDTH = "\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0000-\U000e007f"
_UNSEEN = re.compile(f"[{_NO_WIDTH}{_BIDI}{_TAGS}\u034f\ufe00-\ufe0f\ufff9-\ufffb\U000e0100-\U000e01ef]+")

# The joiners belong to Persian, to the scripts of India and to emoji, the soft hyphen to typesetting, and any of them
# comes along at the end of a word that was copied. Within words of these scripts none of them has work to do.
_CUT_WORD = re.compile("(?<=[A-Za-z\u0370-\u04ff])[\u180e\u200b-\u200d\u2060-\u2064\ufeff]++(?=[A-Za-z\u0370-\u04ff])")
_OVERRIDE = re.compile("[\u202d\u202e]")
_DIRECTION = re.compile(f"[{_BIDI}]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
# The flags of England, Scotland and Wales are spelt with tag characters (UTS #51, annex C).
_FLAG = re.compile("\U0001f3f4[\U000e0030-\U000e007a]{1,6}+\U000e007f")
_SMUGGLED = re.compile(f"[{_TAGS}\ufff9-\ufffb]|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{{2}}")

# Letters of Cyrillic and Greek that look like Latin ones, and those that they look like (UTS #39, confusables).
_LOOKALIKES = dict(
    zip(
        "аеорсухіјѕһԁԛԝАВЕКМНОРСТХІЈЅԌοανρικυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
        "aeopcyxijshdqwABEKMHOPCTXIJSGoavpikuABEZHIKMNOPTYX",
        strict=True,
    )
)
_TO_LATIN = str.maketrans(_LOOKALIKES)
# Before a Latin letter. Behind one they may be an ending: Russian declines "Linux" with letters of its own.
_LOOKALIKE_RUN = re.compile(f"(?<![\u0370-\u04ff])[{''.join(_LOOKALIKES)}]++(?=[A-Za-z])")
_MIXED_WORD = re.compile("[A-Za-z\u0370-\u04ff]++")
_LATIN = re.compile("[A-Za-z]")
# "𝗕𝘂𝘆 𝗻𝗼𝘄": the alphabets of mathematics as a typeface. A formula has one letter of them at a time.
_TYPEFACE = re.compile("[\U0001d400-\U0001d7cb]{4}")


class Trick(StrEnum):
    """What abuse does to a text."""

    BBCODE = "bbcode"
    HTML_LINKS = "html_links"
    HIDDEN = "hidden_characters"
    DISGUISED = "disguised_letters"


def count_links(html: str) -> int:
    """Links to other sites in a rendered comment, and the addresses that stand there without being links.

    An address in code is an example; the text of a link is part of it.
    """
    number = 0
    inside: dict[str, int] = {"a": 0, "code": 0}
    for found in _TAG_OR_ADDRESS.finditer(html):
        tag = (found["tag"] or "").lower()
        if tag in inside:
            inside[tag] += -1 if found["end"] else 1
            number += tag == "a" and bool(_REMOTE.search(found["rest"]))
        elif not tag:
            number += not any(inside.values())
    return number


def prose(html: str) -> str:
    """The words of a rendered comment as plain text, without its code."""
    return "".join(_prose(html))


def _prose(html: str) -> Iterator[str]:
    in_code = 0
    for piece in re.split(r"(<[^<>]*+>)", html):
        if piece.startswith(("<code", "</code")):
            in_code += -1 if piece.startswith("</") else 1
        elif not piece.startswith("<") and not in_code:
            yield html_escapes.unescape(piece)


def tricks(body: str, words: str) -> tuple[Trick, ...]:
    """What stands out in a comment: in the whole of its body, or in its `words`, which is its prose and its name."""
    found = {
        Trick.BBCODE: bool(_BBCODE_LINK.search(words)),
        Trick.HTML_LINKS: bool(_HTML_LINK.search(words)),
        Trick.HIDDEN: has_hidden(body),
        Trick.DISGUISED: is_disguised(words),
    }
    return tuple(trick for trick, is_there in found.items() if is_there)


def has_hidden(text: str) -> bool:
    """Whether characters that nobody sees cut words apart, turn their direction, or carry a text of their own."""
    if len(_CUT_WORD.findall(text)) > 1 or _OVERRIDE.search(text) or _SMUGGLED.search(_FLAG.sub("", text)):
        return True
    return bool(_DIRECTION.search(text)) and not _RIGHT_TO_LEFT.search(text)


def is_disguised(text: str) -> bool:
    """Whether words are written in letters that only look like those of their alphabet."""
    return bool(_LOOKALIKE_RUN.search(text) or _TYPEFACE.search(text))


def fold(text: str) -> str:
    """The text as word lists and the filter compare it: lower case, nothing unseen, no look-alikes."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return _MIXED_WORD.sub(_unmasked, plain).casefold()


def _unmasked(word: re.Match[str]) -> str:
    return word[0].translate(_TO_LATIN) if _LATIN.search(word[0]) else word[0]
