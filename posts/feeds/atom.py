"""Atom 1.0: https://www.rfc-editor.org/rfc/rfc4287, with the replies of RFC 4685."""

from __future__ import annotations

from functools import lru_cache
from xml.etree.ElementTree import Element

from .documents import Enclosure, Feed, Item, rfc3339
from .elements import ATOM_NAMESPACE, MAX_KEPT, THREAD_NAMESPACE, add, document, serialise, written

MEDIA_TYPE = "application/atom+xml"


def write(feed: Feed) -> bytes:
    namespaces = {"xmlns": ATOM_NAMESPACE, "xmlns:thr": THREAD_NAMESPACE}
    root = Element("feed", {**namespaces, "xml:lang": feed.language})
    # One for all pages of the feed, as RFC 5005 has it.
    add(root, "id", feed.place.first)
    add(root, "title", feed.title)
    if feed.description:
        add(root, "subtitle", feed.description)
    add(root, "updated", rfc3339(feed.updated))
    _add_places(root, feed)
    if feed.podcast and feed.podcast.image:
        add(root, "logo", feed.podcast.image)
    return document(root, (written(_entry, item) for item in feed.items), "</feed>")


def _add_places(root: Element, feed: Feed) -> None:
    add(root, "link", rel="alternate", type="text/html", href=feed.home)
    for rel, href in feed.links:
        add(root, "link", rel=rel, type=MEDIA_TYPE, href=href)
    if feed.hub:
        add(root, "link", rel="hub", href=feed.hub)


@lru_cache(maxsize=MAX_KEPT)
def _entry(item: Item) -> str:
    entry = Element("entry")
    if item.language:
        entry.set("xml:lang", item.language)
    add(entry, "id", item.guid)
    add(entry, "title", item.title)
    add(entry, "published", rfc3339(item.published))
    add(entry, "updated", rfc3339(item.updated))
    for person in item.authors:
        author = add(entry, "author")
        add(author, "name", person.name)
        if person.url:
            add(author, "uri", person.url)
    add(entry, "link", rel="alternate", type="text/html", href=item.url)
    for enclosure in item.enclosures:
        _add_enclosure(entry, enclosure)
    for term in item.terms:
        add(entry, "category", term=term.slug, scheme=term.scheme, label=term.name)
    if item.answers:
        add(entry, "thr:in-reply-to", ref=item.answers.guid, href=item.answers.url, type="text/html")
    if item.summary:
        add(entry, "summary", item.summary)
    if item.content:
        add(entry, "content", item.content, type="html")
    return serialise(entry)


def _add_enclosure(entry: Element, enclosure: Enclosure) -> None:
    title = {"title": enclosure.title} if enclosure.title else {}
    size = str(enclosure.size)
    add(entry, "link", rel="enclosure", type=enclosure.media_type, length=size, href=enclosure.url, **title)
