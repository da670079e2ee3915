"""What a magazine must show, said a second time and on purpose without the product: the judge of `mixed`.

A `Site` is what has been committed; `History` is one after the other, with the moments between which each became
true. An answer that was asked for at one moment and had come at another is right when it shows one of the sites that
were true somewhere between the two, at a moment between the two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple


@dataclass(frozen=True)
class Told:
    """A post. Its `mark` is its slug; its title is the mark and the version. Moments in seconds of the epoch."""

    mark: str
    publish_at: float
    category: str
    tag: str
    author: str
    version: int = 1
    unpublish_at: float | None = None
    visibility: str = "public"
    is_trashed: bool = False

    def is_readable(self, at: float) -> bool:
        in_time = self.publish_at <= at and (self.unpublish_at is None or at < self.unpublish_at)
        return in_time and not self.is_trashed and self.visibility != "private"

    def is_listed(self, at: float) -> bool:
        return self.is_readable(at) and self.visibility == "public"

    @property
    def title(self) -> str:
        return f"{self.mark} v{self.version}"


@dataclass(frozen=True, eq=False)
class Site:
    """All that has been committed, but for comments; `title` and `menu` are versions too."""

    posts: dict[str, Told]
    title: int = 1
    menu: int = 1

    def having(self, *changed: Told) -> Site:
        return replace(self, posts=self.posts | {post.mark: post for post in changed})

    @lru_cache(maxsize=1000)  # noqa: B019 -- sites live as long as the trial
    def listed(self, at: float) -> list[Told]:
        """Newest first. No two posts have one moment."""
        posts = [post for post in self.posts.values() if post.is_listed(at)]
        return sorted(posts, key=lambda post: -post.publish_at)

    @lru_cache(maxsize=1000)  # noqa: B019 -- the same
    def secrets(self, at: float) -> frozenset[str]:
        """The marks of all posts that no list may name."""
        return frozenset(mark for mark, post in self.posts.items() if not post.is_listed(at))


class Committed(NamedTuple):
    """True from some moment between `began` and `acknowledged` on."""

    began: float
    acknowledged: float
    site: Site
    way: str


class History:
    def __init__(self, site: Site, now: float) -> None:
        self._commits = [Committed(now, now, site, "begin")]
        self._turns = turns_of(site)

    @property
    def site(self) -> Site:
        return self._commits[-1].site

    def add(self, began: float, acknowledged: float, site: Site, way: str = "") -> None:
        self._commits.append(Committed(began, acknowledged, site, way))
        self._turns = sorted({*self._turns, *turns_of(site)})

    def possible(self, since: float, until: float) -> Iterator[tuple[Site, float]]:
        """Each site that was true within these moments, with each moment from which on time let it show otherwise."""
        moments = self._turns[max(bisect_right(self._turns, since) - 1, 0) : bisect_right(self._turns, until)]
        for number, commit in enumerate(self._commits):
            last = number + 1 == len(self._commits)
            if commit.began <= until and (last or self._commits[number + 1].acknowledged >= since):
                yield from ((commit.site, moment) for moment in moments)

    def around(self, moment: float, within: float = 3.0) -> str:
        """What was changed about this moment, and what time changed; in seconds after it, or before it with a minus."""
        changes = [
            f"{commit.way} {commit.began - moment:.4f} to {commit.acknowledged - moment:.4f}"
            for commit in self._commits
            if commit.began - within < moment < commit.acknowledged + within
        ]
        turns = [f"{turn - moment:.4f}" for turn in self._turns if abs(turn - moment) < within]
        return f"{', '.join(changes) or 'no change'}; due {', '.join(turns) or 'nothing'}"


def turns_of(site: Site) -> list[float]:
    """The moments at which time changes what is shown."""
    posts = site.posts.values()
    return sorted({post.publish_at for post in posts} | {post.unpublish_at for post in posts if post.unpublish_at})


class Spoken(NamedTuple):
    """Since when a comment may be seen and must be seen, and from when on it may be gone and must be gone."""

    post: str
    began: float
    acknowledged: float
    going: float = float("inf")
    gone: float = float("inf")


class Conversation:
    """The comments by their marks. Readers write them at all times, so that no order of commits is known."""

    def __init__(self) -> None:
        self._comments: dict[str, Spoken] = {}
        self._below: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, mark: str, comment: Spoken) -> None:
        self._comments[mark] = comment
        self._below[comment.post].add(mark)

    def surely(self, post: str, since: float, until: float) -> set[str]:
        """What every answer within these moments must show below a post."""
        below = {mark: self._comments[mark] for mark in self._below[post]}
        return {mark for mark, each in below.items() if each.acknowledged <= since and until <= each.going}

    def hidden(self, marks: Iterable[str], since: float, until: float) -> set[str]:
        """Those of the marks that no answer within these moments may show."""
        known = {mark: self._comments[mark] for mark in marks if mark in self._comments}
        return {mark for mark, each in known.items() if until < each.began or each.gone <= since}
