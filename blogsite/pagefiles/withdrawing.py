"""What a change takes away, before it is committed: all pages, or those alone that stand around what has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from comments.generation import CONVERSATION
from posts import surroundings
from posts.generation import SURROUNDINGS
from posts.shown import Note
from posts.state import State

from .disk import digest
from .folder import Folder, Key

# A turn of these takes away only what shows it. Any other one takes away all.
NARROW = (CONVERSATION, SURROUNDINGS)
# Posts whose surroundings turned: with more of them it is quicker to begin anew.
MOST_POSTS = 200

PostsSince = Callable[[int, int], Collection[int]]
"""Posts whose surroundings turned after a number of their counter; not more of them than the second argument says."""


def digest_of(state: State) -> str:
    """What a whole set of pages depends on."""
    return digest(repr([count for count in state if count.counter not in NARROW]).encode())


def numbers_of(state: State) -> dict[int, int]:
    return {count.counter: count.number for count in state if count.counter in NARROW}


def keys_of(note: Note) -> frozenset[Key]:
    """What of the narrow counters an answer shows; one that says nothing shows everything."""
    counters: Iterable[int] = NARROW if note.counters is None else note.counters.intersection(NARROW)
    return frozenset(counter_key(counter) for counter in counters) | {post_key(post) for post in note.posts}


def withdraw(folder: Folder, state: State, posts_since: PostsSince) -> None:
    """Take away what is not true in this state of the database, which may be about to be committed.

    Nothing is noted: it might still not be committed, and who asks later has to find the same difference.
    """
    published = folder.published()
    if published is None:
        return
    if published.edition.state == digest_of(state):
        gone = turned_keys(folder.seen(published.path), numbers_of(state), posts_since)
        if gone is not None:
            folder.drop(published.path, gone)
            return
    folder.take_away()


def settle(folder: Folder, path: Path, state: State, posts_since: PostsSince) -> None:
    """The same for what has been committed, under the lock of publishers, and note it."""
    withdraw(folder, state, posts_since)
    if folder.seen(path) != numbers_of(state):
        folder.see(path, numbers_of(state))


def turned_keys(seen: dict[int, int], numbers: dict[int, int], posts_since: PostsSince) -> list[Key] | None:
    """What has turned since; None if that is too much to tell."""
    turned = [counter for counter in NARROW if numbers.get(counter) != seen.get(counter)]
    keys = [counter_key(counter) for counter in turned]
    if SURROUNDINGS in turned:
        since = seen.get(SURROUNDINGS, 0)
        if not surroundings.are_told(since, numbers.get(SURROUNDINGS, 0)):
            return None
        posts = surroundings.named(posts_since(since, MOST_POSTS + 1), MOST_POSTS)
        if posts is None:
            return None
        keys += [post_key(post) for post in posts]
    return keys


def counter_key(counter: int) -> Key:
    return "counter", str(counter)


def post_key(post: int) -> Key:
    return "post", str(post)
