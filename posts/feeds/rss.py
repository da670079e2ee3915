"""RSS 2.0: https://www.rssboard.org/rss-specification, as https://www.rssboard.org/rss-profile recommends it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache
from xml.etree.ElementTree import Element

from django.utils.html import escape

from .documents import NEVER, Feed, Item, Podcast, rfc3339
from .elements import ATOM_NAMESPACE, MAX_KEPT, THREAD_NAMESPACE, add, document, serialise, written

MEDIA_TYPE = "application/rss+xml"
NAMESPACES = {
    "xmlns:atom": ATOM_NAMESPACE,
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:media": "http://search.yahoo.com/mrss/",
    "xmlns:thr": THREAD_NAMESPACE,
}
# What a reader need not ask again before, in minutes, if it heeds it.
MINUTES_TO_LIVE = 60
# Directories of podcasts take no other pictures.
ARTWORK = {"image/jpeg", "image/png"}


def write(feed: Feed) -> bytes:
    root = Element("rss", {"version": "2.0", **NAMESPACES})
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.home)
    add(channel, "description", feed.description)
    add(channel, "language", feed.language)
    if feed.updated > NEVER:
        add(channel, "lastBuildDate", rfc822(feed.updated))
    add(channel, "ttl", str(MINUTES_TO_LIVE))
    _add_places(channel, feed)
    if feed.podcast:
        _add_show(channel, feed, feed.podcast)
    items = (written(_item, item, feed.podcast) for item in feed.items)
    return document(root, items, "</channel></rss>")


def rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _add_places(channel: Element, feed: Feed) -> None:
    for rel, href in feed.links:
        add(channel, "atom:link", rel=rel, type=MEDIA_TYPE, href=href)
    if feed.hub:
        add(channel, "atom:link", rel="hub", href=feed.hub)


def _add_show(channel: Element, feed: Feed, podcast: Podcast) -> None:
    add(channel, "itunes:author", podcast.author)
    add(channel, "itunes:summary", feed.description)
    add(channel, "itunes:type", "episodic")
    add(channel, "itunes:explicit", str(podcast.is_explicit).lower())
    if podcast.category:
        add(channel, "itunes:category", text=podcast.category)
    if podcast.email:
        owner = add(channel, "itunes:owner")
        add(owner, "itunes:name", podcast.author)
        add(owner, "itunes:email", podcast.email)
    if podcast.image:
        add(channel, "itunes:image", href=podcast.image)
        image = add(channel, "image")
        add(image, "url", podcast.image)
        add(image, "title", feed.title)
        add(image, "link", feed.home)


@lru_cache(maxsize=MAX_KEPT)
def _item(item: Item, podcast: Podcast | None) -> str:
    element = Element("item")
    if item.language:
        element.set("xml:lang", item.language)
    add(element, "title", item.title)
    add(element, "link", item.url)
    add(element, "description", escape(item.summary))
    for author in item.authors:
        add(element, "dc:creator", author.name)
    for term in item.terms:
        add(element, "category", term.name, domain=term.scheme)
    add(element, "guid", item.guid, isPermaLink="false")
    add(element, "pubDate", rfc822(item.published))
    if item.updated > item.published:
        add(element, "atom:updated", rfc3339(item.updated))
    if item.content:
        add(element, "content:encoded", item.content)
    if item.answers:
        add(element, "thr:in-reply-to", ref=item.answers.guid, href=item.answers.url, type="text/html")
    _add_media(element, item)
    if item.audio and podcast:
        _add_episode(element, item, podcast)
    return serialise(element)


def _add_media(element: Element, item: Item) -> None:
    """The one enclosure that RSS allows; a picture is told of besides, since it may not be that one."""
    for enclosure in item.enclosures[:1]:
        add(element, "enclosure", url=enclosure.url, length=str(enclosure.size), type=enclosure.media_type)
    if picture := item.picture:
        size = {"width": str(picture.width), "height": str(picture.height)}
        media = add(element, "media:content", url=picture.url, medium="image", type=picture.media_type, **size)
        if picture.alt:
            add(media, "media:description", picture.alt, type="plain")


def _add_episode(element: Element, item: Item, podcast: Podcast) -> None:
    add(element, "itunes:author", ", ".join(author.name for author in item.authors))
    add(element, "itunes:summary", item.summary)
    add(element, "itunes:explicit", str(podcast.is_explicit).lower())
    if item.audio and item.audio.seconds is not None:
        add(element, "itunes:duration", str(item.audio.seconds))
    if item.picture and item.picture.media_type in ARTWORK:
        add(element, "itunes:image", href=item.picture.url)
