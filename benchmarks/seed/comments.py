"""Comments: most posts have few, some thousands; in conversations that take the shapes that conversations take."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from typing import Any, NamedTuple

from posts import markup

from ..language import Language
from .posts import Posts, is_read

# The posts of each thousand by how much they are discussed: the first three thousand times, the others by Zipf's law.
BLOCK = 1000
MOST = 3000
COLUMNS = (
    *("id", "post_id", "parent_id", "thread_id", "status", "stands", "deleted_at", "body", "body_html", "author_name"),
    *("email", "website", "user_id", "created_at", "updated_at", "address_hash", "address_range", "reasons"),
    *("learnt_as", "edited_at", "erased_at"),
)
REPLIES = 0.55
# One in so many is by somebody with an account.
SIGNED_IN = 20
READERS = 50_000


class Shape(NamedTuple):
    """A comment of a discussion: whom it answers and whose conversation it is in, by their places; None at the top."""

    parent: int | None
    thread: int | None
    status: str
    is_trashed: bool
    stands: bool


def numbers(states: Sequence[str], comments: int) -> list[int]:
    """How many comments each post gets that anyone reads, about as many as asked for in all."""
    each = comments / sum(map(is_read, states))
    top = int(min(MOST, each * 300))
    share = max(each * BLOCK - top, 0) / sum(1 / rank for rank in range(2, BLOCK + 1))
    ranks = list(range(1, BLOCK + 1))
    random.Random(3).shuffle(ranks)  # noqa: S311 -- made-up texts are no secret
    by_place = [top if rank == 1 else int(share / rank + 0.5) for rank in ranks]
    return [by_place[number % BLOCK] if is_read(state) else 0 for number, state in enumerate(states)]


@lru_cache(maxsize=4096)
def shapes(number: int, variant: int) -> tuple[Shape, ...]:
    """A discussion of so many comments; a reply answers one of the last twenty."""
    chance = random.Random(number * 8 + variant)  # noqa: S311 -- as above
    parents: list[int | None] = []
    threads: list[int | None] = []
    for index in range(number):
        parent = chance.randrange(max(0, index - 20), index) if index and chance.random() < REPLIES else None
        parents.append(parent)
        above = None if parent is None else threads[parent]
        threads.append(parent if above is None else above)
    statuses = chance.choices(("approved", "spam", "pending"), (0.965, 0.03, 0.005), k=number)
    trashed = [chance.random() < 0.01 for _ in range(number)]
    stands = [status == "approved" and not gone for status, gone in zip(statuses, trashed, strict=True)]
    for index in range(number - 1, -1, -1):
        if stands[index] and (above := parents[index]) is not None:
            stands[above] = True
    return tuple(map(Shape, parents, threads, statuses, trashed, stands))


def variant_of(post: int) -> int:
    return post // BLOCK % 8


def public_numbers(wanted: Sequence[int]) -> list[int]:
    """What `Post.comment_count` says for discussions of so many comments."""

    @cache
    def public(number: int, variant: int) -> int:
        return sum(shape.status == "approved" and not shape.is_trashed for shape in shapes(number, variant))

    return [public(number, variant_of(pk)) for pk, number in enumerate(wanted, start=1)]


def remarks(language: Language, chance: random.Random, number: int) -> list[tuple[str, str]]:
    """What readers write, each with its HTML."""
    bodies = [" ".join(language.some(max(3, int(chance.lognormvariate(3, 0.8))))) + "." for _ in range(number)]
    return [(body, markup.render_comment(body)) for body in bodies]


class Comments:
    def __init__(self, posts: Posts, wanted: Sequence[int], bodies: list[tuple[str, str]]) -> None:
        self.posts, self.wanted, self.bodies = posts, wanted, bodies
        self.now = int(posts.site.now.timestamp())

    def rows(self) -> Iterator[tuple[Any, ...]]:
        ids = count(1)
        for post, number in enumerate(self.wanted, start=1):
            yield from self._below(post, number, ids)

    def _below(self, post: int, number: int, ids: Iterator[int]) -> Iterator[tuple[Any, ...]]:
        """The comments of a post: half of them on the first day, and ever fewer."""
        first, bodies, users = None, self.bodies, self.posts.site.subjects.users
        begin = int(self.posts.published_at(post).timestamp())
        span = max(self.now - begin - 60, 60)
        for index, shape in enumerate(shapes(number, variant_of(post))):
            pk = next(ids)
            first = pk if first is None else first
            after = min(int(86_400 * (index + 1) / (number - index + 1)), span)
            written = datetime.fromtimestamp(begin + after, UTC).isoformat(sep=" ")[:19]
            body, html = bodies[pk % len(bodies)]
            reader = pk * 7919 % READERS
            yield (
                *(pk, post, None if shape.parent is None else first + shape.parent),
                *(None if shape.thread is None else first + shape.thread, shape.status, int(shape.stands)),
                *(written if shape.is_trashed else None, body, html, f"Reader {reader}", f"reader{reader}@example.org"),
                *("", users[reader % len(users)] if pk % SIGNED_IN == 0 else None, written, written),
                *(f"{reader:032x}" if self.now - begin < 30 * 86_400 else "", "", "[]", "", None, None),
            )
