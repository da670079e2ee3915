"""From HTML in order to a document: pictures, headings, ids, links and tables as our pages want them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, TypedDict
from urllib.parse import unquote

from django.utils.text import slugify

from .allowed import BLOCK, EMBEDS, HEADINGS, VOID, fit_attributes, reach
from .elements import Close, Event, Open
from .labels import Labels

type ImageSize = Callable[[str], tuple[int, int] | None]

# Ids of the page around the text: its landmarks, the targets of its skip links, comments and form fields.
RESERVED_IDS = frozenset(
    "categories comment comment-form comments content copy-status edit featured feeds filters footer header main "
    "menu messages nav new-comment newer older pagination post posts related results search search-form series "
    "share sidebar site-footer site-header site-nav skip skip-link tags theme theme-toggle title toc top".split()
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


def arrange(events: list[Event], image_size: ImageSize, labels: Labels) -> Document:
    """Turn parsed HTML into a document. Every step reads the events once."""
    events = list(_fit(events))
    words = _prose(events)
    events = list(_links(_media(events, image_size)))
    events = list(_scrollable(_demoted(events), labels))
    renamed = _claim_own_ids(events)
    events, toc = _outline(events, renamed, labels)
    _follow_renamed(events, renamed.new_names)
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
    return element.tag in {"pre", "rp", "rt"} or element.attrs.get("class") == "footnote-ref"


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


# Pictures, players and what others embed: a reader's browser fetches nothing from another site


def _is_local(address: str) -> bool:
    return bool(address) and reach(address) == "local"


def _media(events: list[Event], image_size: ImageSize) -> Iterator[Event]:
    """Keep what is ours to show; of the rest keep a link, or its text alone where a link may not stand."""
    players = _players(events)
    in_link = in_player = False
    for index, event in enumerate(events):
        match event:
            case Open("img", attrs):
                yield from _picture(attrs, image_size, in_link)
            case Open("audio" | "video", attrs) if index in players:
                in_player = True
                yield Open(event.tag, _player_attributes(attrs))
            case Open("source" | "track", attrs) if in_player:
                if _is_local(attrs.get("src", "")):
                    yield event
            case Open("audio" | "video" | "source" | "track" | "iframe" | "embed" | "object" as tag, attrs):
                address = attrs.get(EMBEDS.get(tag, "src"), "")
                yield from _link(address, attrs.get("title", ""), in_link)
            case Close("audio" | "video"):
                in_player = False
                if index in players:
                    yield event
            case _:
                if isinstance(event, Open | Close) and event.tag == "a":
                    in_link = isinstance(event, Open)
                yield event


def _players(events: list[Event]) -> set[int]:
    """Where the tags are of the players that have something of this site to play."""
    players: set[int] = set()
    starts: list[int] = []
    for index, event in enumerate(events):
        match event:
            case Open("audio" | "video" | "source" as tag, attrs):
                if tag != "source":
                    starts.append(index)
                if _is_local(attrs.get("src", "")):
                    players.add(starts[-1])
            case Close("audio" | "video"):
                if starts.pop() in players:
                    players.add(index)
    return players


def _player_attributes(attrs: dict[str, str]) -> dict[str, str]:
    local = {name: value for name, value in attrs.items() if name not in {"src", "poster"} or _is_local(value)}
    return {"preload": "metadata", **local, "controls": ""}


def _picture(attrs: dict[str, str], image_size: ImageSize, in_link: bool) -> Iterator[Event]:
    src, alt = attrs.get("src", ""), attrs.get("alt", "")
    size = image_size(src) if src and reach(src) in {"local", "remote"} else None
    # A picture of known size is one that this site keeps, be it on a host of its own.
    if size or _is_local(src):
        yield Open("img", {"alt": "", **attrs, **_dimensions(attrs, size), "loading": "lazy", "decoding": "async"})
    else:
        yield from _link(src, alt or attrs.get("title", ""), in_link)


def _dimensions(attrs: dict[str, str], size: tuple[int, int] | None) -> dict[str, str]:
    """Width and height in pixels, so that the page does not jump; the author's wish comes first."""
    if size is None or {"width", "height"} <= attrs.keys():
        return {}
    width, height = size
    if "width" in attrs and width:
        return {"height": str(round(int(attrs["width"]) * height / width))}
    if "height" in attrs and height:
        return {"width": str(round(int(attrs["height"]) * width / height))}
    return {"width": str(width), "height": str(height)}


def _link(address: str, label: str, in_link: bool) -> Iterator[Event]:
    if address and not in_link and reach(address) in {"local", "remote"}:
        yield from (Open("a", {"href": address}), label or address, Close("a"))
    elif label:
        yield label


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
    return "href" in attrs or "id" in attrs


# Blocks


def _demoted(events: list[Event]) -> list[Event]:
    """One level lower, when the body has a heading of the page's own level."""
    if not any(isinstance(event, Open) and event.tag == "h1" for event in events):
        return events
    lower = dict(zip(HEADINGS, (*HEADINGS[1:], "h6"), strict=True))
    demoted: list[Event] = []
    for event in events:
        if isinstance(event, Open):
            event.tag = lower.get(event.tag, event.tag)
        demoted.append(Close(lower[event.tag]) if isinstance(event, Close) and event.tag in lower else event)
    return demoted


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
        self.new_names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._next_number: dict[str, int] = {}

    def claim(self, wanted: str) -> str | None:
        """An author's own id, or one made of it; None when another element has it."""
        final = self._outside_chrome(wanted)
        if final in self._taken:
            return None
        return self._give(wanted, final)

    def mint(self, text: str) -> str:
        """An id for a heading of this text; further ones of the same text are numbered."""
        wanted = slugify(text, allow_unicode=True)[:_MAX_ID].strip("-_") or "section"
        base = final = self._outside_chrome(wanted)
        number = self._next_number.get(base, 2)
        while final in self._taken:
            final = f"{base}-{number}"
            number += 1
        self._next_number[base] = number
        return self._give(wanted, final)

    def _give(self, wanted: str, final: str) -> str:
        self._taken.add(final)
        if final != wanted and wanted not in self._taken:
            self.new_names.setdefault(wanted, final)
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


def _follow_renamed(events: list[Event], new_names: dict[str, str]) -> None:
    """Links within the text go where they went before an id had to change."""
    for event in events:
        if isinstance(event, Open) and event.attrs.get("href", "").startswith("#"):
            target = unquote(event.attrs["href"][1:])
            if target in new_names:
                event.attrs["href"] = f"#{new_names[target]}"
