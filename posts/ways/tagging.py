"""Which tags listed posts have, and which they have together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple, Self

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.utils import timezone

from .. import markup
from ..addresses import path_to
from ..compiled import Compiled
from ..lists.counts import number_in, number_of
from ..managers import PostQuerySet
from ..models import Listing, Post, Tag, Tally
from ..models.listing import pair_of
from ..subjects import with_posts

TAGS_PER_PAGE = 400
NEWEST = 100
"""The posts that are looked at for tags that occur together."""
BESIDE = 8


@dataclass(frozen=True)
class Used:
    """A tag, and the number of its listed posts."""

    key: str
    name: str
    slug: str
    count: int

    @property
    def url(self) -> str:
        return path_to("posts:tag", self.slug)


class Initial(NamedTuple):
    """The tags that begin with one letter."""

    letter: str
    tags: tuple[Used, ...]


@dataclass(frozen=True)
class PageOfTags:
    """`next` is the key after which the next page begins, or "" for none."""

    tags: list[Used]
    next: str

    @property
    def initials(self) -> list[Initial]:
        found: dict[str, list[Used]] = {}
        for tag in sorted(self.tags, key=lambda tag: tag.key):
            found.setdefault(initial_of(tag), []).append(tag)
        return [Initial(letter, tuple(tags)) for letter, tags in found.items()]


def initial_of(tag: Used) -> str:
    """The letter under which a tag stands; "#" for digits and signs."""
    first = tag.key[0]
    return first.upper()[0] if first.isalpha() else "#"


def readable_key(text: str) -> str:
    """A text as the key of a tag could be."""
    return Tag.key_for(markup.clean_line(text))[:200]


def page_of_tags(after: str) -> PageOfTags:
    """The tags of listed posts whose keys come after this one. One query."""
    found = [Used(*row) for row in _used.rows(TAGS_PER_PAGE + 1, after=after, moment=timezone.now())]
    tags = found[:TAGS_PER_PAGE]
    return PageOfTags(tags, tags[-1].key if len(found) > TAGS_PER_PAGE else "")


def _in_use(limit: int, after: Any, moment: Any) -> QuerySet:
    tags = with_posts(Tag, moment=moment).annotate(count=number_of(Listing.Kind.TAG, moment))
    return tags.filter(key__gt=after).order_by("key").values_list("key", "name", "slug", "count")[:limit]


_used = Compiled(Tag, _in_use)


@dataclass(frozen=True)
class Shared:
    """Two tags or more that posts may have at once: the rarest `pair` of them, and the tags `beside` it."""

    pair: int
    beside: tuple[int, ...]

    @classmethod
    def by(cls, tags: list[Tag]) -> Self:
        """One query for more than two tags, else none."""
        pairs = {pair_of(one.pk, other.pk): {one.pk, other.pk} for one, other in combinations(tags, 2)}
        pair = next(iter(pairs)) if len(pairs) == 1 else rarest(pairs)
        return cls(pair, tuple(tag.pk for tag in tags if tag.pk not in pairs[pair]))

    def posts(self) -> PostQuerySet:
        return self._with_all(Post.published.in_list(Listing.Kind.TAG_PAIR, self.pair))

    def count(self) -> int:
        """Two tags have a tally; of more, the posts of a pair are looked through."""
        return self.posts().count() if self.beside else number_in(Listing.Kind.TAG_PAIR, self.pair)

    def seen_beside(self, tags: list[Tag]) -> list[Tag]:
        """What else the newest posts have that have all of these tags. One query."""
        if self.beside:
            return list(_seen_beside(self.posts(), [tag.pk for tag in tags]))
        return seen_beside(Listing.Kind.TAG_PAIR, self.pair, tags)

    def _with_all(self, posts: PostQuerySet) -> PostQuerySet:
        places = Listing.objects.filter(kind=Listing.Kind.TAG, post=OuterRef("pk"))
        return posts.filter(*(Exists(places.filter(subject=tag)) for tag in self.beside))


def rarest(pairs: Iterable[int]) -> int:
    tallies = Tally.objects.filter(kind=Listing.Kind.TAG_PAIR, subject__in=pairs).order_by().values_list("subject")
    numbers = dict(tallies.annotate(Sum("number")))
    return min(pairs, key=lambda pair: numbers.get(pair, 0))


def _seen_beside(posts: PostQuerySet, tags: list[Any]) -> QuerySet[Tag]:
    newest = posts.values("pk")[:NEWEST]
    beside = Tag.objects.filter(items__content_object__in=newest).exclude(pk__in=tags)
    return beside.annotate(number=Count("items")).order_by("-number", "pk")[:BESIDE]


_beside = Compiled(
    Tag,
    lambda kind, subject, moment, tags: _seen_beside(Post.all_objects.in_list(kind, subject, moment), tags),
)


def seen_beside(kind: int, subject: int, tags: list[Tag]) -> list[Tag]:
    """The tags that the newest posts of a list have most often beside the given ones. One query."""
    return _beside.instances(kind, subject=subject, moment=timezone.now(), tags=[tag.pk for tag in tags])
