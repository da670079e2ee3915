"""What a feed says, whatever the format: https://www.rfc-editor.org/rfc/rfc4287 names the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

# Of a feed in which nothing stands: Atom wants a moment, and the clock's would make each answer another one.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    name: str
    url: str = ""


@dataclass(frozen=True)
class Term:
    """A category: its `name` for people, and its `slug` among those of a `scheme`, a URI."""

    name: str
    slug: str
    scheme: str


@dataclass(frozen=True)
class Enclosure:
    """A file that belongs to an item: `size` in bytes, and `seconds` to listen."""

    url: str
    media_type: str
    size: int
    title: str = ""
    seconds: int | None = None


@dataclass(frozen=True)
class Picture:
    """`size` in bytes is 0 where nobody can tell; `width` and `height` are pixels."""

    url: str
    media_type: str
    size: int
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True)
class Reference:
    """What an item answers."""

    guid: str
    url: str


@dataclass(frozen=True)
class Item:
    """One post or comment.

    `content` is HTML, or empty where the feed carries summaries alone; `summary` is text. `language` is empty where it
    is the feed's.
    """

    guid: str
    url: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[Person, ...]
    summary: str = ""
    content: str = ""
    language: str = ""
    terms: tuple[Term, ...] = ()
    picture: Picture | None = None
    audio: Enclosure | None = None
    answers: Reference | None = None

    @property
    def enclosures(self) -> list[Enclosure]:
        """What there is to fetch besides, the recording first: RSS knows one enclosure alone."""
        picture = self.picture
        cover = [Enclosure(picture.url, picture.media_type, picture.size, picture.alt)] if picture else []
        return [enclosure for enclosure in [self.audio, *cover] if enclosure and enclosure.size]


@dataclass(frozen=True)
class Podcast:
    """What directories of podcasts ask for: https://podcasters.apple.com/support/823-podcast-requirements"""

    author: str
    email: str
    category: str
    image: str
    is_explicit: bool


@dataclass(frozen=True)
class Place:
    """Where one document of a feed stands: its own address, and those of the pages beside it (RFC 5005, section 3).

    `first` is what readers subscribe to. `next` leads to older items, `previous` to newer ones.
    """

    own: str
    first: str
    next: str = ""
    previous: str = ""


@dataclass(frozen=True)
class Feed:
    """`home` is the address of the page that the feed is of; `place` tells which page of the feed this document is."""

    title: str
    description: str
    language: str
    home: str
    place: Place
    items: list[Item] = field(default_factory=list)
    hub: str = ""
    podcast: Podcast | None = None

    @property
    def links(self) -> Iterator[tuple[str, str]]:
        """The relations and addresses of this document and its pages: RFC 5005, section 3."""
        place = self.place
        pages = {"self": place.own, "first": place.first, "next": place.next, "previous": place.previous}
        return ((relation, address) for relation, address in pages.items() if address)

    @property
    def updated(self) -> datetime:
        return max((item.updated for item in self.items), default=NEVER)


def rfc3339(moment: datetime) -> str:
    """In UTC and whole seconds, such as 2026-01-02T03:04:05Z."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
