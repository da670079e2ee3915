"""Which tags listed posts have, and which they have together."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from .. import markup
from ..managers import PostQuerySet
from ..models import Post, Tag, TaggedPost

TAGS_PER_PAGE = 400
NEWEST = 200
"""The posts that are looked at for tags that occur together."""
BESIDE = 8


@dataclass(frozen=True)
class Initial:
    """The tags that begin with one letter, each with `count`, the number of its listed posts."""

    letter: str
    tags: list[Tag]


@dataclass(frozen=True)
class PageOfTags:
    """`next` is the key after which the next page begins, or "" for none."""

    tags: list[Tag]
    next: str

    @property
    def initials(self) -> list[Initial]:
        found: dict[str, list[Tag]] = {}
        for tag in sorted(self.tags, key=lambda tag: tag.key):
            found.setdefault(initial_of(tag), []).append(tag)
        return [Initial(letter, tags) for letter, tags in found.items()]


def initial_of(tag: Tag) -> str:
    """The letter under which a tag stands; "#" for digits and signs."""
    first = tag.key[0]
    return first.upper()[0] if first.isalpha() else "#"


def readable_key(text: str) -> str:
    """A text as the key of a tag could be."""
    return Tag.key_for(markup.clean_line(text))[:200]


def page_of_tags(after: str) -> PageOfTags:
    """The tags of listed posts whose keys come after this one. Two queries."""
    listed = Post.published.listed().filter(pk=OuterRef("content_object"))
    links = TaggedPost.objects.filter(Exists(listed), tag=OuterRef("pk"))
    used = Tag.objects.filter(Exists(links), key__gt=after)
    found = list(used.order_by("key")[: TAGS_PER_PAGE + 1])
    tags = found[:TAGS_PER_PAGE]
    count_posts(tags)
    return PageOfTags(tags, tags[-1].key if len(found) > TAGS_PER_PAGE else "")


def count_posts(tags: list[Tag]) -> None:
    """Give each tag its `count` of listed posts."""
    links = TaggedPost.objects.filter(content_object__in=Post.published.listed().order_by(), tag__in=tags)
    counts = dict(links.order_by().values_list("tag").annotate(Count("pk")))
    for tag in tags:
        tag.count = counts.get(tag.pk, 0)


def seen_beside(posts: PostQuerySet, tags: list[Tag]) -> list[Tag]:
    """The tags that the newest of these posts have most often beside the given ones. Two queries."""
    newest = list(posts.newest_first().values_list("pk", flat=True)[:NEWEST])
    links = TaggedPost.objects.filter(content_object__in=newest, tag__deleted_at=None).exclude(tag__in=tags)
    numbers = links.order_by().values("tag").annotate(number=Count("pk")).order_by("-number", "tag")
    most = [row["tag"] for row in numbers[:BESIDE]]
    by_pk = Tag.objects.in_bulk(most)
    return [by_pk[pk] for pk in most]
