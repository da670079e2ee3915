"""Posts as a site of ten years has them: most of them published, each with its subjects and what is like it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from posts.models import Post

from ..language import Language
from .bulk import columns_of
from .chance import Calendar, Zipf, stamp
from .subjects import Subjects
from .texts import LONGEST_TITLE, Text, document

# One post in so many is of the rare category, whatever the size of the site.
RARE = 12
SERIES_LENGTH = 8
TAGS = 3
ALIKE = 4
PINNED = 3

# The states of posts other than published, and one in how many has each.
STATES = {"draft": 30, "scheduled": 200, "expired": 100, "unlisted": 100, "private": 100, "trashed": 70}


@dataclass(frozen=True)
class Site:
    """What the rows are drawn from."""

    posts: int
    now: datetime
    subjects: Subjects
    texts: list[Text]
    language: Language
    states: list[str]

    def titles(self, number: int, chance: random.Random) -> list[str]:
        return [self.language.text(chance.randint(3, LONGEST_TITLE)).capitalize() for _ in range(number)]


COLUMNS = columns_of(Post)


def states(posts: int, chance: random.Random) -> list[str]:
    """That of each post, in the order of their ids."""
    names, weights = list(STATES), [1 / often for often in STATES.values()]
    return chance.choices([*names, "published"], [*weights, 1 - sum(weights)], k=posts)


def is_read(state: str) -> bool:
    """Whether anyone reads such posts, so that they have comments."""
    return state in {"published", "unlisted"}


class Posts:
    """The rows of posts and of what hangs on them; each list can be told once more, and is the same."""

    def __init__(self, site: Site, comment_counts: list[int]) -> None:
        self.site, self.counts = site, comment_counts
        chance = random.Random(7)  # noqa: S311 -- made-up texts are no secret
        self.titles = site.titles(min(site.posts, 50_000), chance)
        self.text_of = chance.choices(range(len(site.texts)), k=site.posts)
        self.calendar = Calendar(chance, site.posts, site.now)

    def title(self, pk: int) -> str:
        return self.titles[pk % len(self.titles)]

    def text(self, pk: int) -> Text:
        return self.site.texts[self.text_of[pk - 1]]

    def published_at(self, pk: int) -> datetime:
        """As the ids go, but for one in a hundred, which was imported years after it had come out."""
        if self.site.states[pk - 1] == "scheduled":
            return self.site.now + timedelta(hours=1 + pk % 1000)
        return self.calendar.at(pk // 2 if pk % 100 == 99 else pk - 1)

    def rows(self) -> Iterator[list[Any]]:
        for pk in range(1, self.site.posts + 1):
            row = self._row(pk)
            yield [row[column] for column in COLUMNS]

    def _row(self, pk: int) -> dict[str, Any]:
        state, published = self.site.states[pk - 1], self.published_at(pk)
        in_series = pk % 20 < 1 + (pk % 200 < 100)
        return {
            "id": pk,
            "title": self.title(pk),
            "slug": f"post-{pk}",
            "guid": f"tag:example.org,2026:{pk:012d}",
            **self.text(pk).columns,
            "author_id": self.site.subjects.authors[0 if pk % 2 else pk % len(self.site.subjects.authors)],
            "status": "draft" if state == "draft" else "published",
            "visibility": state if state in {"unlisted", "private"} else "public",
            "publish_at": None if state == "draft" else stamp(published),
            "unpublish_at": stamp(published + timedelta(minutes=30)) if state == "expired" else None,
            "deleted_at": stamp(published + timedelta(days=1)) if state == "trashed" else None,
            "created_at": stamp(published - timedelta(hours=3)),
            "updated_at": stamp(min(published + timedelta(minutes=pk % 9000), self.site.now)),
            "series_id": self._series(pk) if in_series else None,
            "series_position": pk if in_series else None,
            "comment_count": self.counts[pk - 1],
            "pinned": int(pk > self.site.posts - PINNED),
            "in_feeds": int(pk % 50 != 1),
            "version": 1,
            "language": "",
            **dict.fromkeys(("summary", "seo_title", "seo_description", "cover_alt", "canonical_url"), ""),
            **dict.fromkeys(("comment_policy",), ""),
            **dict.fromkeys(("cover_id", "audio_id", "translation_key", "pinned_until"), None),
        }

    def _series(self, pk: int) -> int:
        series = self.site.subjects.series
        return series[pk // (20 * SERIES_LENGTH) % len(series)]

    def documents(self) -> Iterator[tuple[Any, ...]]:
        for pk in range(1, self.site.posts + 1):
            yield document(pk, self.title(pk), self.text(pk))

    def categories(self) -> Iterator[tuple[int, int]]:
        chance = random.Random(8)  # noqa: S311 -- as above
        drawn, step = Zipf(chance, self.site.subjects.categories), max(self.site.posts // RARE, 1)
        for pk in range(1, self.site.posts + 1):
            yield from ((pk, category) for category in drawn.some(1 + (pk % 4 == 0)))
            if pk % step == 0:
                yield pk, self.site.subjects.rare_category

    def tags(self) -> Iterator[tuple[int, int]]:
        drawn = Zipf(random.Random(9), self.site.subjects.tags)  # noqa: S311 -- as above
        for pk in range(1, self.site.posts + 1):
            yield from ((pk, tag) for tag in drawn.some(TAGS))

    def co_authors(self) -> Iterator[tuple[int, int]]:
        authors = self.site.subjects.authors
        for pk in range(20, self.site.posts + 1, 20):
            yield pk, authors[1 + pk // 20 % (len(authors) - 1)]

    def alike(self) -> Iterator[tuple[int, int, float]]:
        """What is related, both ways, as it is stored."""
        for pk in range(1, self.site.posts + 1):
            for step in range(1, ALIKE // 2 + 1):
                for other in (pk - step * 7, pk + step * 7):
                    if 1 <= other <= self.site.posts:
                        yield pk, other, 1 / (step + 1)
