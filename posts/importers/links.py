"""The addresses in a Markdown text, where they stand, and how to write others in their place.

The parser that renders posts also finds their links, so that code is code for both: its rules are watched for the
places where they succeed. They see blocks without the marks of quotes and lists around them; `Place` leads back.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline, image, link
from markdown_it.token import Token

from ..markup.elements import ATTRIBUTE, TAG
from ..markup.parser import body_parser

type Resolve = Callable[[str], str | None]
"""From an address as a text has it to the one that it shall have; None leaves it."""

_WITH_ADDRESSES = {"a", "area", "audio", "img", "source", "track", "video"}
_ADDRESSES = {"href", "poster", "src"}
_MASKED = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)+\]:[\s>]*", re.DOTALL)
_MAY_HAVE_ADDRESSES = re.compile(r"[\[<]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_UNFIT_IN_MARKDOWN = re.compile(r"[\s<>()\\|]")


class Link(NamedTuple):
    """An address, and where it is written: `source[start:end]`."""

    start: int
    end: int
    address: str
    write: Callable[[str], str]


def rewrite(source: str, resolve: Resolve) -> str:
    """`source` with its addresses as `resolve` wants them, and all else to the letter as it was."""
    pieces, done = [], 0
    for found in sorted(find(source), key=lambda found: found.start):
        wanted = resolve(found.address)
        if wanted is not None and wanted != found.address and found.start >= done:
            pieces += [source[done : found.start], found.write(wanted)]
            done = found.end
    return "".join([*pieces, source[done:]])


def find(source: str) -> Iterator[Link]:
    """Every address in links, pictures, reference definitions and HTML, outside code."""
    lines = Lines(source)
    env: dict[str, Any] = {}
    tokens: list[Token] = []
    _parser.block.parse(source, _parser, env, tokens)
    for reference in [*env.get("references", {}).values(), *env.get("duplicate_refs", [])]:
        yield from _in_definition(lines, reference)
    end_of_cell = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "html_block":
            yield from _in_html(token.content, Place(lines, token))
        elif token.type == "inline":
            in_cell = before is not None and before.type in {"td_open", "th_open"}
            place = Place(lines, token, after=end_of_cell if in_cell else None)
            end_of_cell = place.end
            yield from _in_inline(token, env, place)


class Lines:
    """A text and the offsets of its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def span(self, number: int) -> tuple[int, int]:
        """From where to where the line goes, its line feed left out."""
        last = number + 1 >= len(self.starts)
        return self.starts[number], len(self.text) if last else self.starts[number + 1] - 1


class Place:
    """Where in the text the content of a block stands.

    Every line of a block is the end of a line of the text, after the marks of what is around it. Cells and headings are
    a part of theirs: `after` is where the cell before this one ends.
    """

    def __init__(self, lines: Lines, token: Token, after: int | None = None) -> None:
        self.lines = lines
        self.token = token
        self.after = after
        self._end = 0

    @cached_property
    def offsets(self) -> list[int | None]:
        """Where each character of the content is. Most blocks have no address, and are never asked."""
        offsets: list[int | None] = []
        first = self.token.map[0] if self.token.map else 0
        for number, line in enumerate(self.token.content.split("\n"), start=first):
            offsets += [*self._place(line, number, self.after), None]
        return offsets

    @property
    def end(self) -> int:
        """Where a cell ends; 0 for what is none."""
        return self._end if self.after is not None and self.offsets else 0

    def _place(self, content: str, number: int, after: int | None) -> list[int | None]:
        if number >= len(self.lines.starts):
            return [None] * len(content)
        start, end = self.lines.span(number)
        line = self.lines.text[start:end]
        if after is None and line.rstrip().endswith(content.strip()):
            # Leading tabs may have become spaces; counted from the end, both are the same.
            at = start + len(line.rstrip()) - len(content.rstrip())
            return [at + index if at + index >= start else None for index in range(len(content))]
        return self._place_within(content, max(start, after or 0), end)

    def _place_within(self, content: str, start: int, end: int) -> list[int | None]:
        # A cell loses the backslash before its own bars.
        pattern = re.compile(re.escape(content).replace(r"\|", r"\\?\|"))
        found = pattern.search(self.lines.text, start, end)
        if not found:
            return [None] * len(content)
        self._end = found.end()
        offsets: list[int | None] = []
        at = found.start()
        for character in content:
            if character == "|" and self.lines.text[at] == "\\":
                at += 1
            offsets.append(at)
            at += 1
        return offsets

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where `content[start:end]` is in the text; None if it is not to be found there on one line."""
        first, last = self.offsets[start], self.offsets[end - 1]
        if first is None or last is None or "\n" in self.lines.text[first : last + 1]:
            return None
        return first, last + 1


def _in_definition(lines: Lines, reference: dict[str, Any]) -> Iterator[Link]:
    """The address in `[label]: address "title"`."""
    first, after = reference["map"]
    start, end = lines.span(first)[0], lines.span(after - 1)[1]
    for label in _LABEL.finditer(lines.text, start, end):
        found = _parser.helpers.parseLinkDestination(lines.text, label.end(), end)
        if found.ok and _parser.normalizeLink(found.str) == reference["href"]:
            yield Link(label.end(), found.pos, found.str, in_markdown)
            return


def _in_inline(token: Token, env: dict[str, Any], place: Place) -> Iterator[Link]:
    if not _MAY_HAVE_ADDRESSES.search(token.content):
        return
    watch = Watch(token.content)
    _parser.inline.parse(token.content, _parser, {**env, "watch": watch}, [])
    for start, end, address in watch.destinations:
        if start < end and (span := place.span(start, end)):
            yield Link(*span, address, in_markdown)
    for start, end in watch.tags:
        yield from _in_html(token.content, place, start, end)


def _in_html(content: str, place: Place, start: int = 0, end: int | None = None) -> Iterator[Link]:
    masked = _MASKED.sub(lambda found: " " * len(found[0]), content)
    for tag in TAG.finditer(masked, start, len(masked) if end is None else end):
        if tag[1] or (tag[2] or "").lower() not in _WITH_ADDRESSES:
            continue
        for attribute in ATTRIBUTE.finditer(masked, tag.start(3), tag.end(3)):
            value = next((group for group in (2, 3, 4) if attribute[group]), None)
            if value and attribute[1].lower() in _ADDRESSES and (span := place.span(*attribute.span(value))):
                yield Link(*span, html.unescape(attribute[value]).strip(), in_html if value < 4 else in_bare_html)


class Watch:
    """What the rules found in one block's content: the spans of destinations with what they say, and of tags."""

    def __init__(self, content: str) -> None:
        self.content = content
        self.destinations: list[tuple[int, int, str]] = []
        self.tags: list[tuple[int, int]] = []

    def covers(self, state: StateInline) -> bool:
        """Not so for the text within a picture's brackets, which is parsed on its own."""
        return state.src == self.content

    def note_destination(self, state: StateInline, label: int, *, nested: bool) -> None:
        """After a link or a picture whose label starts at `label`: note its address, unless it is a reference."""
        position = state.md.helpers.parseLinkLabel(state, label, not nested) + 1
        if state.src[position : position + 1] != "(" or state.pos <= position or state.src[state.pos - 1] != ")":
            return
        position += 1
        while state.src[position] in " \t\n":
            position += 1
        found = state.md.helpers.parseLinkDestination(state.src, position, state.pos)
        if found.ok:
            self.destinations.append((position, found.pos, found.str))


def _watched_link(state: StateInline, silent: bool) -> bool:
    start, found = state.pos, link(state, silent)
    watch: Watch | None = state.env.get("watch")
    if found and not silent and watch and watch.covers(state):
        watch.note_destination(state, start, nested=False)
    return found


def _watched_image(state: StateInline, silent: bool) -> bool:
    start, found = state.pos, image(state, silent)
    watch: Watch | None = state.env.get("watch")
    if found and not silent and watch and watch.covers(state):
        watch.note_destination(state, start + 1, nested=True)
    return found


def _watched_html(state: StateInline, silent: bool) -> bool:
    start, found = state.pos, html_inline(state, silent)
    watch: Watch | None = state.env.get("watch")
    if found and not silent and watch and watch.covers(state):
        watch.tags.append((start, state.pos))
    return found


def _watched_parser() -> MarkdownIt:
    md = body_parser()
    md.inline.ruler.at("link", _watched_link)
    md.inline.ruler.at("image", _watched_image)
    md.inline.ruler.at("html_inline", _watched_html)
    return md


def in_markdown(address: str) -> str:
    """An address as the destination of a Markdown link, in a table cell too."""
    return _ENTITY.sub("&amp;", _UNFIT_IN_MARKDOWN.sub(lambda found: quote(found[0], safe=""), address))


def in_html(address: str) -> str:
    """An address between the quotation marks of an attribute."""
    return html.escape(address)


def in_bare_html(address: str) -> str:
    """An address as an attribute that had no quotation marks."""
    return f'"{html.escape(address)}"'


_parser = _watched_parser()
