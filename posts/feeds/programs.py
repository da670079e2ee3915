"""Which programme fetches a feed, by what it says of itself, and for how many people. Pure.

Programmes that fetch once for many tell their number: "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16
subscribers)".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

OTHER = "other"
MAX_AGENT = 500
MOST_SUBSCRIBERS = 10_000_000

# What stands in the agent, in small letters, and what people call the programme. The first that fits names it.
PROGRAMS = {
    "feedly": "Feedly",
    "inoreader": "Inoreader",
    "newsblur": "NewsBlur",
    "theoldreader": "The Old Reader",
    "feedbin": "Feedbin",
    "bazqux": "BazQux",
    "feedhq": "FeedHQ",
    "netvibes": "Netvibes",
    "overcast": "Overcast",
    "pocketcasts": "Pocket Casts",
    "pocket casts": "Pocket Casts",
    "antennapod": "AntennaPod",
    "gpodder": "gPodder",
    "podcast addict": "Podcast Addict",
    "podcastaddict": "Podcast Addict",
    "castro": "Castro",
    "applepodcasts": "Apple Podcasts",
    "podcasts/": "Apple Podcasts",
    "freshrss": "FreshRSS",
    "miniflux": "Miniflux",
    "tiny tiny rss": "Tiny Tiny RSS",
    "nextcloud-news": "Nextcloud News",
    "commafeed": "CommaFeed",
    "selfoss": "selfoss",
    "yarr/": "yarr",
    "netnewswire": "NetNewsWire",
    "thunderbird": "Thunderbird",
    "newsboat": "Newsboat",
    "newsraft": "Newsraft",
    "liferea": "Liferea",
    "akregator": "Akregator",
    "reeder": "Reeder",
    "readkit": "ReadKit",
    "unread": "Unread",
    "fiery feeds": "Fiery Feeds",
    "vienna/": "Vienna",
    "rssguard": "RSS Guard",
    "quiterss": "QuiteRSS",
    "fluent reader": "Fluent Reader",
    "spacecowboys android rss reader": "Feeder",
    "elfeed": "Elfeed",
    "gnus": "Gnus",
    "vivaldi": "Vivaldi",
    "feedspot": "Feedspot",
}
# These fetch once for all who read with them, and say how many those are; of others a number is not believed.
_TELL = {"Feedly", "Inoreader", "NewsBlur", "The Old Reader", "Feedbin", "BazQux", "FeedHQ", "Netvibes", "Overcast"}
_NUMBER = re.compile(r"\b(\d{1,9}) (?:subscriber|reader)s?\b")
_A_READER = re.compile(r"feed|rss|reader|podcast|news|atom")
_A_MACHINE = re.compile(r"bot\b|crawl|spider|validator|monitor|hub|curl/|wget/|python-|go-http|java/|preview")


@dataclass(frozen=True)
class Program:
    name: str
    """As people call it; OTHER for one that we do not know."""
    subscribers: int | None
    """For how many it says that it fetches; None for the programme of one person."""


def program_of(agent: str) -> Program | None:
    """None for what is no reader of feeds, such as a browser or a crawler."""
    text = agent[:MAX_AGENT].lower()
    name = next((name for mark, name in PROGRAMS.items() if mark in text), "")
    if name in _TELL:
        told = _NUMBER.search(text)
        return Program(name, min(int(told[1]), MOST_SUBSCRIBERS) if told else None)
    if name:
        return Program(name, None)
    if _A_READER.search(text) and not _A_MACHINE.search(text):
        return Program(OTHER, None)
    return None
