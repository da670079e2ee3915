"""What a feed reader makes of an answer."""

from __future__ import annotations

from typing import Any

import feedparser
from django.http import HttpResponse


def parse(response: HttpResponse) -> Any:
    """The feed, in which the parser must have found nothing wrong."""
    feed = feedparser.parse(response.content, response_headers={"content-type": response.headers["Content-Type"]})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed
