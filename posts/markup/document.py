"""From HTML in order to a document: pictures, headings, ids, links and tables as our pages want them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .allowed import EMBEDS, HEADINGS, fit_attributes, reach
from .elements import Close, Event, Open
from .embeds import facades
from .labels import Labels
from .media import PictureOf, own_media
from .outline import TocEntry, claim_own_ids, lead_to_ids, outline
from .prose import Prose, prose_of


class Document(NamedTuple):
    events: list[Event]
    toc: list[TocEntry]
    prose: Prose


def arrange(events: list[Event], picture_of: PictureOf, labels: Labels) -> Document:
    """Turn parsed HTML into a document. Every step reads the events once."""
    events = list(facades(list(_fit(events)), labels))
    words = prose_of(events)
    events = list(_links(own_media(events, picture_of)))
    events = list(_scrollable(_summarised(list(_levelled(events)), labels), labels))
    ids = claim_own_ids(events)
    events, toc = outline(events, ids, labels)
    lead_to_ids(events, ids)
    return Document(events, toc, words)


def _fit(events: Iterable[Event]) -> Iterator[Event]:
    """Only attributes that may stay; an anchor of old, <a name>, has an id instead."""
    for event in events:
        if isinstance(event, Open) and event.tag not in EMBEDS:
            if event.tag == "a" and "name" in event.attrs:
                event.attrs.setdefault("id", event.attrs["name"])
            event.attrs = fit_attributes(event.tag, event.attrs)
        yield event


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
