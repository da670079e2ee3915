"""XML as feeds need it: well-formed whatever the text, and the same bytes each time."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from ..markup import clean_text

ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
THREAD_NAMESPACE = "http://purl.org/syndication/thread/1.0"


def add(parent: Element, name: str, text: str = "", /, **attributes: str) -> Element:
    """Add an element. Rows that came past `Cleaned` may hold characters that XML cannot; those are left out."""
    element = SubElement(parent, name, {key: clean_text(value) for key, value in attributes.items()})
    element.text = clean_text(text)
    return element


def serialise(root: Element) -> bytes:
    return tostring(root, encoding="utf-8", xml_declaration=True)
