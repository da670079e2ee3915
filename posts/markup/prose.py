"""The text of a body: what an excerpt quotes, and what is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from .allowed import BLOCK, EMBEDS, HEADINGS, VOID
from .elements import Close, Event, Open


class Prose(NamedTuple):
    """The text of a body without code: its paragraphs, or else all that could be quoted, and every word."""

    quotable: str
    everything: str


def prose_of(events: list[Event]) -> Prose:
    quotable = list(outside(events, _is_not_quoted))
    return Prose(text_of(_paragraphs(quotable)) or text_of(quotable), text_of(outside(events, is_not_read)))


def is_not_read(element: Open) -> bool:
    return element.tag in {"math", "pre", "rp", "rt"} or element.attrs.get("class") == "footnote-ref"


def _is_not_quoted(element: Open) -> bool:
    return (
        is_not_read(element)
        or element.tag in {"audio", "figure", "meter", "progress", "table", "video", *HEADINGS}
        or element.attrs.get("class") in {"footnotes", "markdown-alert-title"}
    )


def outside(events: Iterable[Event], skipped: Callable[[Open], bool]) -> Iterator[Event]:
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


def text_of(events: Iterable[Event]) -> str:
    parts = []
    for event in events:
        if isinstance(event, str):
            parts.append(event)
        elif event.tag in BLOCK or event.tag == "br":
            parts.append(" ")
    return " ".join("".join(parts).split())
