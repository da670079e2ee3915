"""Videos and recordings that other sites play: a link, and what a script needs to load the player once asked to."""

from __future__ import annotations

from collections.abc import Iterator

from .allowed import EMBEDS, HEADINGS, INLINE, VOID
from .elements import Close, Event, Open
from .labels import Labels
from .providers import Embed, embed_of

# Where no figure may stand.
_PHRASES = (INLINE | {"p", "pre", "summary", *HEADINGS}) - VOID


def facades(events: list[Event], labels: Labels) -> Iterator[Event]:
    """A link alone in its paragraph, or an <iframe>, that leads to a provider we know becomes a figure."""
    phrases = position = 0
    while position < len(events):
        event = events[position]
        page, length = _alone(events, position)
        if isinstance(event, Open) and event.tag in EMBEDS and not phrases:
            page, length = event.attrs.get(EMBEDS[event.tag], ""), 1
        if length and (embed := embed_of(page)):
            yield from _facade(embed, _title(events[position : position + length]), labels)
            position += length
            continue
        if isinstance(event, Open | Close) and event.tag in _PHRASES:
            phrases += 1 if isinstance(event, Open) else -1
        yield event
        position += 1


def _alone(events: list[Event], start: int) -> tuple[str, int]:
    """The address that a paragraph consists of, and how many events it takes."""
    match events[start : start + 5]:
        case [Open("p"), Open("a", attrs), str(text), Close("a"), Close("p")]:
            address = attrs.get("href", "")
            return (address, 5) if text in {address, address.partition("://")[2]} else ("", 0)
        case [Open("p"), Open(tag, attrs), Close("p"), *_] if tag in EMBEDS:
            return attrs.get(EMBEDS[tag], ""), 3
    return "", 0


def _title(events: list[Event]) -> str:
    return next((event.attrs["title"] for event in events if isinstance(event, Open) and event.attrs.get("title")), "")


def _facade(embed: Embed, title: str, labels: Labels) -> Iterator[Event]:
    host = embed.player.split("/")[2].removeprefix("www.")
    load, lead = (
        (labels.load_video, labels.watch) if embed.provider.is_video else (labels.load_recording, labels.listen)
    )
    text = lead.format(embed.provider.name)
    kind = "embed" if embed.provider.is_video else "embed embed-audio"
    yield Open("figure", {"class": kind, "data-embed": embed.player, "data-load": load.format(host)})
    yield from (Open("a", {"href": embed.page}), f"{title} ({text})" if title else text, Close("a"), Close("figure"))
