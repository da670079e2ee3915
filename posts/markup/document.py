"""From HTML in order to a document: pictures, headings, ids, links and tables as our pages want them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypedDict
from urllib.parse import unquote

from ..slugs import slugify
from .allowed import BLOCK, EMBEDS, HEADINGS, VOID, fit_attributes, names, reach
from .elements import Close, Event, Open
from .embeds import facades
from .labels import Labels
from .media import PictureOf, own_media

# Ids of the page around the text: its landmarks, the targets of its skip links, comments and form fields.
RESERVED_IDS = names(
    "categories comment comment-form comments content copy-status edit featured feeds filters footer header main "
    "menu messages nav new-comment newer older pagination post posts related results search search-form series "
    "share sidebar site-footer site-header site-nav skip skip-link tags theme theme-toggle title toc top"
)
RESERVED_PREFIXES = ("comment-", "id_", "id-", "reply-")
_OWN_PREFIX = "section-"
_MAX_ID = 80


class TocEntry(TypedDict):
    level: int
    id: str
    text: str


class Prose(NamedTuple):
    """The text of a body without code: its paragraphs, or else all that could be quoted, and every word."""

    quotable: str
    everything: str


class Document(NamedTuple):
    events: list[Event]
    toc: list[TocEntry]
    prose: Prose


def arrange(events: list[Event], picture_of: PictureOf, labels: Labels) -> Document:
    """Turn parsed HTML into a document. Every step reads the events once."""
    events = list(facades(list(_fit(events)), labels))
    words = _prose(events)
    events = list(_links(own_media(events, picture_of)))
    events = list(_scrollable(_summarised(list(_levelled(events)), labels), labels))
    ids = _claim_own_ids(events)
    events, toc = _outline(events, ids, labels)
    _lead_to_ids(events, ids)
    return Document(events, toc, words)


def _fit(events: Iterable[Event]) -> Iterator[Event]:
    """Only attributes that may stay; an anchor of old, <a name>, has an id instead."""
    for event in events:
        if isinstance(event, Open) and event.tag not in EMBEDS:
            if event.tag == "a" and "name" in event.attrs:
                event.attrs.setdefault("id", event.attrs["name"])
            event.attrs = fit_attributes(event.tag, event.attrs)
        yield event


# The text of a body


def _prose(events: list[Event]) -> Prose:
    quotable = list(_outside(events, _is_not_quoted))
    return Prose(_text(_paragraphs(quotable)) or _text(quotable), _text(_outside(events, _is_not_read)))


def _is_not_read(element: Open) -> bool:
    return element.tag in {"math", "pre", "rp", "rt"} or element.attrs.get("class") == "footnote-ref"


def _is_not_quoted(element: Open) -> bool:
    return (
        _is_not_read(element)
        or element.tag in {"audio", "figure", "meter", "progress", "table", "video", *HEADINGS}
        or element.attrs.get("class") in {"footnotes", "markdown-alert-title"}
    )


def _outside(events: Iterable[Event], skipped: Callable[[Open], bool]) -> Iterator[Event]:
    depth = 0
    for event in events:
        if isinstance(event, Open) and event.tag not in VOID and event.tag not in EMBEDS:
            if not depth and event.tag == "math":
                # A formula reads as its author wrote it.
                yield event.attrs.get("alttext", "")
            depth += bool(depth or skipped(event))
        if not depth:
            yield event
        elif isinstance(event, Close):
            depth -= 1


def _paragraphs(events: Iterable[Event]) -> Iterator[Event]:
    inside = False
    for event in events:
        if isinstance(event, Open) and event.tag == "p":
            inside = True
        if inside:
            yield event
        if event == Close("p"):
            inside = False


def _text(events: Iterable[Event]) -> str:
    parts = []
    for event in events:
        if isinstance(event, str):
            parts.append(event)
        elif event.tag in BLOCK or event.tag == "br":
            parts.append(" ")
    return " ".join("".join(parts).split())


# Links


def _links(events: Iterable[Event]) -> Iterator[Event]:
    """Links that lead somewhere, and anchors; the rest is only text. A foreign page gets no hold of our window."""
    dropped = False
    for event in events:
        if isinstance(event, Open) and event.tag == "a":
            dropped = not _lead_somewhere(event.attrs)
        if not (dropped and isinstance(event, Open | Close) and event.tag == "a"):
            yield event


def _lead_somewhere(attrs: dict[str, str]) -> bool:
    attrs.pop("rel", None)
    destination = reach(attrs.get("href", ""))
    if destination == "refused":
        del attrs["href"]
    elif destination == "remote":
        attrs["rel"] = "noopener"
    if "#" in attrs.get("href", ""):
        address, _, fragment = attrs["href"].partition("#")
        attrs["href"] = f"{address}#{fragment.replace('#', '%23')}"
    return "href" in attrs or "id" in attrs


# Blocks


def _levelled(events: Iterable[Event]) -> Iterator[Event]:
    """Headings from h2 down, since the page's title is its h1, and no level left out on the way."""
    above: list[int] = []
    open_tags: list[str] = []
    for event in events:
        match event:
            case Open(tag) if tag in HEADINGS:
                own = int(tag[1])
                above = [level for level in above if level < own] + [own]
                event.tag = f"h{min(6, len(above) + 1)}"
                open_tags.append(event.tag)
                yield event
            case Close(tag) if tag in HEADINGS:
                yield Close(open_tags.pop())
            case _:
                yield event


def _summarised(events: list[Event], labels: Labels) -> Iterator[Event]:
    """A <details> begins with its <summary>; one that has none gets ours."""
    for index, event in enumerate(events):
        yield event
        if isinstance(event, Open) and event.tag == "details" and not _begins_with_summary(events, index + 1):
            yield from (Open("summary"), labels.details, Close("summary"))


def _begins_with_summary(events: list[Event], start: int) -> bool:
    while start < len(events) and isinstance(text := events[start], str) and not text.strip():
        start += 1
    return start < len(events) and isinstance(first := events[start], Open) and first.tag == "summary"


def _scrollable(events: Iterable[Event], labels: Labels) -> Iterator[Event]:
    """Wide tables and code scroll by themselves, for the keyboard as well."""
    depth = number = 0
    for event in events:
        match event:
            case Open("pre", attrs):
                attrs["tabindex"] = "0"
            case Open("table"):
                depth += 1
                if depth == 1:
                    number += 1
                    label = labels.table.format(number)
                    yield Open("div", {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label})
        yield event
        if event == Close("table"):
            depth -= 1
            if depth == 0:
                yield Close("div")


# Ids and the table of contents


class _Ids:
    """The ids of a document: each given once, none of the page's."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._renamed: dict[str, str] = {}
        self._by_letters: dict[str, str] = {}
        self._next_number: dict[str, int] = {}

    def claim(self, wanted: str) -> str | None:
        """An author's own id, or one made of it; None when another element has it."""
        final = self._outside_chrome(wanted)
        if final in self._taken:
            return None
        return self._give(wanted, final)

    def mint(self, text: str) -> str:
        """An id for a heading of this text; further ones of the same text are numbered."""
        wanted = slugify(text, _MAX_ID) or "section"
        base = final = self._outside_chrome(wanted)
        number = self._next_number.get(base, 2)
        while final in self._taken:
            final = f"{base}-{number}"
            number += 1
        self._next_number[base] = number
        return self._give(wanted, final)

    def meant_by(self, target: str) -> str:
        """The id that a link within the text means: one that had to change, or one that differs in its hyphens.

        A text from another site links to its headings by the rules of that site, where "1.2" may be "12" or "1-2".
        """
        if target in self._renamed:
            return self._renamed[target]
        return target if target in self._taken else self._by_letters.get(_letters(target), target)

    def _give(self, wanted: str, final: str) -> str:
        self._taken.add(final)
        self._by_letters.setdefault(_letters(final), final)
        if final != wanted and wanted not in self._taken:
            self._renamed.setdefault(wanted, final)
        return final

    def _outside_chrome(self, wanted: str) -> str:
        reserved = wanted in RESERVED_IDS or wanted.startswith(RESERVED_PREFIXES)
        return _OWN_PREFIX + wanted if reserved else wanted


def _claim_own_ids(events: list[Event]) -> _Ids:
    ids = _Ids()
    for event in events:
        if isinstance(event, Open) and (own := event.attrs.pop("id", None)) and (given := ids.claim(own)):
            event.attrs["id"] = given
    return ids


def _outline(events: list[Event], ids: _Ids, labels: Labels) -> tuple[list[Event], list[TocEntry]]:
    """Give each heading with a text an id and a link to itself."""
    outlined: list[Event] = []
    toc: list[TocEntry] = []
    start = 0
    unlinkable = 0
    for event in events:
        if isinstance(event, Open | Close) and event.tag in {"a", "summary"}:
            unlinkable += 1 if isinstance(event, Open) else -1
        if isinstance(event, Open) and event.tag in HEADINGS:
            start = len(outlined)
        elif isinstance(event, Close) and event.tag in HEADINGS and (entry := _entry(outlined[start:], ids)):
            toc.append(entry)
            if not unlinkable:
                outlined.extend(_permalink(entry, labels))
        outlined.append(event)
    return outlined, toc


def _entry(heading: list[Event], ids: _Ids) -> TocEntry | None:
    text = _text(_outside(heading, _is_not_read))
    start = heading[0]
    if not text or not isinstance(start, Open) or start.tag not in HEADINGS:
        return None
    if "id" not in start.attrs:
        start.attrs["id"] = ids.mint(text)
    return {"level": int(start.tag[1]), "id": start.attrs["id"], "text": text}


def _permalink(entry: TocEntry, labels: Labels) -> Iterator[Event]:
    label = labels.section.format(entry["text"])
    yield from (" ", Open("a", {"class": "permalink", "href": f"#{entry['id']}", "aria-label": label}), "#", Close("a"))


def _lead_to_ids(events: list[Event], ids: _Ids) -> None:
    for event in events:
        if isinstance(event, Open) and event.attrs.get("href", "").startswith("#"):
            target = unquote(event.attrs["href"][1:])
            if (meant := ids.meant_by(target)) != target:
                event.attrs["href"] = f"#{meant}"


def _letters(name: str) -> str:
    return slugify(name, _MAX_ID).replace("-", "")
