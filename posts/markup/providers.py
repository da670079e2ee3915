"""The sites whose players may stand in a text, once a reader asks for them."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote

MAX_ADDRESS_LENGTH = 300


class Provider(NamedTuple):
    """`page` is matched against an address without its scheme and "www.", `player` filled in with what it finds."""

    name: str
    is_video: bool
    page: re.Pattern[str]
    player: str


_PROVIDERS = (
    Provider(
        "YouTube",
        True,
        re.compile(
            r"(?:(?:m\.|music\.)?youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|(?:shorts|live|embed)/)|youtu\.be/)"
            r"(?P<id>[\w-]{11})(?:[?&/#].*)?",
            re.ASCII,
        ),
        "https://www.youtube-nocookie.com/embed/{id}?autoplay=1",
    ),
    Provider(
        "Vimeo",
        True,
        re.compile(r"(?:player\.vimeo\.com/video|vimeo\.com)/(?P<id>\d{1,12})(?:[?#].*)?", re.ASCII),
        "https://player.vimeo.com/video/{id}?dnt=1&autoplay=1",
    ),
    Provider(
        "Dailymotion",
        True,
        re.compile(r"(?:dailymotion\.com/(?:embed/)?video|dai\.ly)/(?P<id>[A-Za-z0-9]{1,12})(?:[?#_].*)?"),
        "https://geo.dailymotion.com/player.html?video={id}",
    ),
    Provider(
        "SoundCloud",
        False,
        re.compile(r"(?P<id>soundcloud\.com/[\w-]{1,64}/(?:sets/)?[\w-]{1,128})(?:[?#].*)?", re.ASCII),
        "https://w.soundcloud.com/player/?url=https%3A//{id}",
    ),
    Provider(
        "Internet Archive",
        True,
        re.compile(r"archive\.org/(?:details|embed)/(?P<id>[\w.-]{1,100})(?:[?#/].*)?", re.ASCII),
        "https://archive.org/embed/{id}",
    ),
)
_HOSTS = frozenset(provider.player.split("/")[2] for provider in _PROVIDERS)
_START = re.compile(r"[?&#](?:t|start)=(\d{1,5})s?(?:&|\Z)", re.ASCII)
_SCHEME = re.compile(r"(?:https?:)?//(?:www\.)?", re.IGNORECASE)

# The only addresses that the script may be told to load.
PLAYER = re.compile(rf"https://(?:{'|'.join(map(re.escape, sorted(_HOSTS)))})/[\w./?=&%-]{{1,{MAX_ADDRESS_LENGTH}}}")
_PLAYER_HOST = re.compile(r'<figure (?=[^<>]*class="embed[ "])[^<>]*data-embed="https://([\w.-]+)/')


class Embed(NamedTuple):
    provider: Provider
    page: str
    player: str


def hosts_in(html: str) -> list[str]:
    """The hosts of the players that rendered HTML offers to load, for the page's policy."""
    return sorted(_HOSTS & set(_PLAYER_HOST.findall(html)))


def embed_of(page: str) -> Embed | None:
    """What is to be loaded for the address of a page, or of a player, if we know the site."""
    scheme = _SCHEME.match(page)
    if not scheme or len(page) > MAX_ADDRESS_LENGTH:
        return None
    for provider in _PROVIDERS:
        if found := provider.page.fullmatch(page, scheme.end()):
            player = provider.player.format(id=quote(found["id"]))
            start = _START.search(page)
            return Embed(provider, page, f"{player}&start={start[1]}" if start and "?" in player else player)
    return None
