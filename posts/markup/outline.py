"""The headings of a body, and ids: each given once, none of them one of the page around the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict
from urllib.parse import unquote

from ..slugs import slugify
from .allowed import HEADINGS, names
from .elements import Close, Event, Open
from .labels import Labels
from .prose import is_not_read, outside, text_of

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


class Ids:
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


def claim_own_ids(events: list[Event]) -> Ids:
    ids = Ids()
    for event in events:
        if isinstance(event, Open) and (own := event.attrs.pop("id", None)) and (given := ids.claim(own)):
            event.attrs["id"] = given
    return ids


def outline(events: list[Event], ids: Ids, labels: Labels) -> tuple[list[Event], list[TocEntry]]:
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


def _entry(heading: list[Event], ids: Ids) -> TocEntry | None:
    text = text_of(outside(heading, is_not_read))
    start = heading[0]
    if not text or not isinstance(start, Open) or start.tag not in HEADINGS:
        return None
    if "id" not in start.attrs:
        start.attrs["id"] = ids.mint(text)
    return {"level": int(start.tag[1]), "id": start.attrs["id"], "text": text}


def _permalink(entry: TocEntry, labels: Labels) -> Iterator[Event]:
    label = labels.section.format(entry["text"])
    yield from (" ", Open("a", {"class": "permalink", "href": f"#{entry['id']}", "aria-label": label}), "#", Close("a"))


def lead_to_ids(events: list[Event], ids: Ids) -> None:
    for event in events:
        if isinstance(event, Open) and event.attrs.get("href", "").startswith("#"):
            target = unquote(event.attrs["href"][1:])
            if (meant := ids.meant_by(target)) != target:
                event.attrs["href"] = f"#{meant}"


def _letters(name: str) -> str:
    return slugify(name, _MAX_ID).replace("-", "")
