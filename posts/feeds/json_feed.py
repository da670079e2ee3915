"""JSON Feed 1.1: https://www.jsonfeed.org/version/1.1/"""

from __future__ import annotations

import json
from typing import Any

from .documents import Enclosure, Feed, Item, rfc3339

VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    document = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.place.first,
        "description": feed.description,
        "next_url": feed.place.next,
        "icon": feed.podcast.image if feed.podcast else "",
        "language": feed.language,
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
    }
    items = [_item(item) for item in feed.items]
    return json.dumps(_filled(document) | {"items": items}, ensure_ascii=False, indent=1).encode()


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: the format has no use for it."""
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def _item(item: Item) -> dict[str, Any]:
    values = {
        "id": item.guid,
        "url": item.url,
        "title": item.title,
        "content_html": item.content,
        "summary": item.summary,
        "image": item.picture.url if item.picture else "",
        "date_published": rfc3339(item.published),
        "date_modified": rfc3339(item.updated),
        "authors": [_filled({"name": author.name, "url": author.url}) for author in item.authors],
        "tags": [term.name for term in item.terms],
        "language": item.language,
        "attachments": [_attachment(item.audio)] if item.audio else [],
    }
    # One of the two has to be there.
    return _filled(values) | ({} if item.content else {"content_text": item.summary})


def _attachment(audio: Enclosure) -> dict[str, Any]:
    return _filled(
        {
            "url": audio.url,
            "mime_type": audio.media_type,
            "title": audio.title,
            "size_in_bytes": audio.size,
            "duration_in_seconds": audio.seconds,
        }
    )
