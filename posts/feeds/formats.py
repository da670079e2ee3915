"""The three formats that each feed comes in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import atom, json_feed, rss
from .documents import Feed


@dataclass(frozen=True)
class Format:
    """A way to write a feed, and what it adds to the feed's address and to that address's name in the URLconf."""

    name: str
    media_type: str
    content_type: str
    path: str
    suffix: str
    write: Callable[[Feed], bytes]


RSS = Format("RSS", rss.MEDIA_TYPE, f"{rss.MEDIA_TYPE}; charset=utf-8", "", "", rss.write)
ATOM = Format("Atom", atom.MEDIA_TYPE, f"{atom.MEDIA_TYPE}; charset=utf-8", "atom/", "_atom", atom.write)
JSON = Format("JSON", "application/feed+json", "application/feed+json", "json/", "_json", json_feed.write)
FORMATS = (RSS, ATOM, JSON)
