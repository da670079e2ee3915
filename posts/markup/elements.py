"""HTML as a flat list of tags and texts, each tag closed where it must be.

An author's tags may be left open, crossed or nested without end. A browser's parser copes, but its work and its
output may then grow with the square of the input: it opens every unclosed <b> anew in each paragraph that follows.
So tags are put in order here, with bounded depth, before a parser of that kind sees them. This is no sanitiser:
`allowed` is.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from .allowed import BLOCK, EMBEDS, HEADINGS, INLINE, MATH, MATH_SIGNS, SILENT, TAGS, VOID
from .text import clean_text

MAX_DEPTH = 100

# No part of a match but a comment's can hold a "<", so that a failed match never reads far.
TAG = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9-]*+)((?:[\s/](?:[^<>"']|"[^"<]*"|'[^'<]*')*+)?)>|<[!?][^<>]*>""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
# Unlike str.lower(), it keeps the length.
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_LONG_REFERENCE = re.compile(r"&#(?:0*\d{8,}|x0*[0-9a-f]{7,});?", re.IGNORECASE)


@dataclass(slots=True)
class Open:
    tag: str
    attrs: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class Close:
    tag: str


type Event = Open | Close | str
"""A start tag, an end tag, or text without any escapes."""


_ROWS = {"thead", "tbody", "tfoot"}
_CELLS = {"td", "th"}
_PARTS = {"caption", "col", "colgroup", "tr"} | _ROWS | _CELLS
_HOLDS_ONLY_PARTS = {"table", "colgroup", "tr"} | _ROWS

# What a block ends: a paragraph, and inline elements that hold no blocks.
_ENDED_BY_BLOCKS = {"p"} | INLINE - {"a", "audio", "del", "ins", "video"}

# Elsewhere the element is not valid, and its tags are left out.
_PARENTS: dict[str, set[str]] = {
    "caption": {"table"},
    "col": {"colgroup"},
    "colgroup": {"table"},
    "dd": {"dl", "div"},
    "dt": {"dl", "div"},
    "figcaption": {"figure"},
    "li": {"ol", "ul"},
    "rp": {"ruby"},
    "rt": {"ruby"},
    "source": {"audio", "video"},
    "summary": {"details"},
    "td": {"table", "tr"} | _ROWS,
    "th": {"table", "tr"} | _ROWS,
    "tr": {"table"} | _ROWS,
    "track": {"audio", "video"},
} | {part: {"table"} for part in _ROWS}

# The open elements that a start tag closes (https://html.spec.whatwg.org/multipage/syntax.html#optional-tags), and
# those beyond which it closes nothing. What any start tag of a block closes comes on top.
_ENDS: dict[str, set[str]] = (
    {
        "a": {"a"},
        "dd": {"dd", "dt"},
        "dt": {"dd", "dt"},
        "li": {"li"},
        "rp": {"rp", "rt"},
        "rt": {"rp", "rt"},
        "td": {"caption", "colgroup"} | _CELLS,
        "th": {"caption", "colgroup"} | _CELLS,
        "tr": {"caption", "colgroup", "tr"} | _CELLS,
    }
    | {part: {"caption", "colgroup", "tr"} | _ROWS | _CELLS for part in _ROWS}
    | {heading: set(HEADINGS) for heading in HEADINGS}
)
_REGIONS = {"blockquote", "caption", "details", "dl", "figure", "ol", "ruby", "section", "table", "ul"} | _CELLS
_STOPS: dict[str, set[str]] = {"a": set()} | {part: {"table"} for part in _PARTS}


def parse(markup: str) -> list[Event]:
    """The tags and texts of an HTML fragment, nested properly and no deeper than MAX_DEPTH."""
    tree = _Tree()
    for event in _scan(_without_comments(markup)):
        match event:
            case Open():
                tree.open(event)
            case Close():
                tree.close(event.tag)
            case text:
                tree.events.append(text)
    tree.close_down_to(0)
    return tree.events


def serialise(events: Iterable[Event]) -> str:
    return "".join(map(_written, events))


def unescape(text: str) -> str:
    """Character references resolved; those to no character, of any length, become U+FFFD or nothing."""
    if "&" not in text:
        return text
    return clean_text(html.unescape(_LONG_REFERENCE.sub("\ufffd", text)))


class _Tree:
    """Takes tags in any order and keeps them as events in the order of a tree."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._open: list[str] = []

    def open(self, event: Open) -> None:
        self._end_what_it_ends(event.tag)
        if not self._may_stand_here(event.tag):
            return
        if event.tag in VOID or event.tag in EMBEDS:
            self.events.append(event)
        elif len(self._open) < MAX_DEPTH:
            self._open.append(event.tag)
            self.events.append(event)

    def close(self, tag: str) -> None:
        stops = {"table"} if tag in _PARTS or tag == "table" else {"caption"} | _CELLS
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth] == tag:
                self.close_down_to(depth)
                return
            if self._open[depth] in stops:
                return

    def close_down_to(self, depth: int) -> None:
        self.events.extend(map(Close, reversed(self._open[depth:])))
        del self._open[depth:]

    def _end_what_it_ends(self, tag: str) -> None:
        ends = _ENDS.get(tag, set()) | (_ENDED_BY_BLOCKS if tag in BLOCK else set())
        if not ends:
            return
        stops = _STOPS.get(tag, _REGIONS)
        outermost = len(self._open)
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth] in ends:
                outermost = depth
            elif self._open[depth] in stops:
                break
        self.close_down_to(outermost)

    def _may_stand_here(self, tag: str) -> bool:
        parent = self._open[-1] if self._open else ""
        if tag == "summary" and not self._is_first():
            return False
        if tag in MATH or parent in MATH:
            return self._may_stand_in_formula(tag, parent)
        if parent in _HOLDS_ONLY_PARTS and tag not in _PARTS:
            return False
        if tag in BLOCK and (parent == "pre" or parent in HEADINGS or (parent == "summary" and tag not in HEADINGS)):
            return False
        return tag not in _PARENTS or parent in _PARENTS[tag]

    def _may_stand_in_formula(self, tag: str, parent: str) -> bool:
        """Formulas and text keep apart: in a formula stand its own elements alone, and they nowhere else."""
        if tag == "math":
            return parent not in MATH and parent not in _HOLDS_ONLY_PARTS and parent != "pre"
        return tag in MATH and parent in MATH and parent not in MATH_SIGNS

    def _is_first(self) -> bool:
        """Whether nothing but white space stands between here and the last start tag."""
        last = [event for event in self.events[-2:] if not (isinstance(event, str) and not event.strip())]
        return bool(last) and isinstance(last[-1], Open)


def _without_comments(markup: str) -> str:
    parts = []
    position = 0
    while (start := markup.find("<!--", position)) >= 0 and (end := markup.find("-->", start + 2)) >= 0:
        parts.append(markup[position:start])
        position = end + len("-->")
    return "".join(parts) + markup[position:]


def _scan(markup: str) -> Iterator[Event]:
    """Tags that we know, and the text between all tags except what a silent element holds."""
    silence = _Silence(markup)
    position = 0
    for match in TAG.finditer(markup):
        if match.start() < position:
            continue
        if match.start() > position:
            yield unescape(markup[position : match.start()])
        position = match.end()
        tag = (match[2] or "").lower()
        if tag in TAGS or tag in EMBEDS:
            yield Close(tag) if match[1] else Open(tag, _attributes(match[3]))
        if tag in SILENT and not match[1]:
            position = silence.end(tag, position)
    if position < len(markup):
        yield unescape(markup[position:])


class _Silence:
    """Finds the ends of silent elements, each end once however many starts there are."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._last_end: dict[str, int] = {}

    @cached_property
    def _lowered(self) -> str:
        return self._markup.translate(_ASCII_LOWER)

    def end(self, tag: str, position: int) -> int:
        """Where the end tag begins; the same position if there is none, as in a sentence about the <title> tag."""
        if tag not in self._last_end:
            self._last_end[tag] = self._lowered.rfind(f"</{tag}")
        return self._lowered.find(f"</{tag}", position) if self._last_end[tag] >= position else position


def _attributes(source: str) -> dict[str, str]:
    attrs: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(source):
        attrs.setdefault(name.lower(), unescape(double or single or bare))
    return attrs


def _written(event: Event) -> str:
    match event:
        case Open(tag, attrs):
            return f"<{tag}{''.join(f' {name}="{html.escape(value)}"' for name, value in attrs.items())}>"
        case Close(tag):
            return f"</{tag}>"
        case text:
            return html.escape(text, quote=False)
