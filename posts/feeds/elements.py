"""XML as feeds need it: well-formed whatever the text, and the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ..markup import clean_text
from .documents import Item

DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
# Items that each format keeps as it wrote them, and how much text one of them may carry: some megabytes in all.
MAX_KEPT = 200
MAX_KEPT_TEXT = 50_000
ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
THREAD_NAMESPACE = "http://purl.org/syndication/thread/1.0"


def add(parent: Element, name: str, text: str = "", /, **attributes: str) -> Element:
    """Add an element. Rows that came past `Cleaned` may hold characters that XML cannot; those are left out."""
    element = SubElement(parent, name, {key: clean_text(value) for key, value in attributes.items()})
    element.text = clean_text(text)
    return element


def serialise(element: Element) -> str:
    return tostring(element, encoding="unicode")


def written(write: Any, item: Item, *others: Any) -> str:
    """What `write`, which an `lru_cache` keeps, makes of an item; a very long one is not kept."""
    make = write if len(item.content) <= MAX_KEPT_TEXT else write.__wrapped__
    return make(item, *others)


def document(root: Element, items: Iterable[str], end: str) -> bytes:
    """The document of `root`, with its items, serialised before, in front of the tags at its `end`."""
    text = serialise(root).removesuffix(end)
    return "".join([DECLARATION, text, *items, end]).encode()
