"""Pictures, players and what others embed: a reader's browser fetches nothing from another site."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from .allowed import EMBEDS, reach
from .elements import Close, Event, Open

# The column of text, in pixels, at its widest, and how much of a narrow window it takes.
COLUMN = 680
SHARE_OF_WINDOW = 0.92


class Source(NamedTuple):
    """The copies of a picture in one format, as a <source> lists them."""

    media_type: str
    srcset: str


class Picture(NamedTuple):
    """A picture of this site: its width and height in pixels, and its copies, the format that weighs least first."""

    width: int
    height: int
    sources: Sequence[Source] = ()


type PictureOf = Callable[[str], Picture | None]


def _is_local(address: str) -> bool:
    return bool(address) and reach(address) == "local"


def own_media(events: list[Event], picture_of: PictureOf) -> Iterator[Event]:
    """Keep what is ours to show; of the rest keep a link, or its text alone where a link may not stand."""
    in_link = False
    for event in _playable(events):
        match event:
            case Open("img", attrs):
                yield from _picture(attrs, picture_of, in_link)
            case Open(tag, attrs) if tag in EMBEDS:
                yield from _link(attrs.get(EMBEDS[tag], ""), attrs.get("title", ""), in_link)
            case _:
                if isinstance(event, Open | Close) and event.tag == "a":
                    in_link = isinstance(event, Open)
                yield event


def _playable(events: list[Event]) -> Iterator[Event]:
    """Players that have something of this site to play; the others become embeds."""
    players = _players(events)
    playing = False
    for index, event in enumerate(events):
        match event:
            case Open("audio" | "video" as tag, attrs):
                playing = index in players
                yield Open(tag, _player_attributes(attrs)) if playing else Open("embed", attrs)
            case Close("audio" | "video"):
                playing = False
                if index in players:
                    yield event
            case Open("source", attrs) if not playing:
                yield Open("embed", attrs)
            case Open("source" | "track", attrs):
                if playing and _is_local(attrs.get("src", "")):
                    yield event
            case _:
                yield event


def _players(events: list[Event]) -> set[int]:
    """Where the tags are of the players that have something of this site to play."""
    players: set[int] = set()
    starts: list[int] = []
    for index, event in enumerate(events):
        match event:
            case Open("audio" | "video" | "source" as tag, attrs):
                if tag != "source":
                    starts.append(index)
                if _is_local(attrs.get("src", "")):
                    players.add(starts[-1])
            case Close("audio" | "video"):
                if starts.pop() in players:
                    players.add(index)
    return players


def _player_attributes(attrs: dict[str, str]) -> dict[str, str]:
    local = {name: value for name, value in attrs.items() if name not in {"src", "poster"} or _is_local(value)}
    return {"preload": "metadata", **local, "controls": ""}


def _picture(attrs: dict[str, str], picture_of: PictureOf, in_link: bool) -> Iterator[Event]:
    src, alt = attrs.get("src", ""), attrs.get("alt", "")
    picture = picture_of(src) if src and reach(src) in {"local", "remote"} else None
    # A picture that is known is one that this site keeps, be it on a host of its own.
    if not picture and not _is_local(src):
        yield from _link(src, alt or attrs.get("title", ""), in_link)
        return
    image = Open("img", {"alt": "", **attrs, **_dimensions(attrs, picture), "loading": "lazy", "decoding": "async"})
    if picture and picture.sources:
        yield Open("picture")
        yield from _sources(picture, int(image.attrs["width"]))
        yield from (image, Close("picture"))
    else:
        yield image


def _sources(picture: Picture, shown: int) -> Iterator[Event]:
    """The copies of a picture, for a browser to choose from; `shown` is the width that it has at most, in pixels."""
    width = min(shown, COLUMN)
    sizes = f"(max-width: {round(width / SHARE_OF_WINDOW)}px) {round(SHARE_OF_WINDOW * 100)}vw, {width}px"
    for source in picture.sources:
        yield Open("source", {"type": source.media_type, "srcset": source.srcset, "sizes": sizes})


def _dimensions(attrs: dict[str, str], picture: Picture | None) -> dict[str, str]:
    """Width and height in pixels, so that the page does not jump; the author's wish comes first."""
    if picture is None or {"width", "height"} <= attrs.keys():
        return {}
    width, height = picture.width, picture.height
    if "width" in attrs and width:
        return {"height": str(round(int(attrs["width"]) * height / width))}
    if "height" in attrs and height:
        return {"width": str(round(int(attrs["height"]) * width / height))}
    return {"width": str(width), "height": str(height)}


def _link(address: str, label: str, in_link: bool) -> Iterator[Event]:
    if address and not in_link and reach(address) in {"local", "remote"}:
        yield from (Open("a", {"href": address}), label or address, Close("a"))
    elif label:
        yield label
