"""What a look asks the database, and what follows from the answers; how they are asked is each engine's own matter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from time import time
from typing import Any, NamedTuple

from posts import surroundings
from posts.generation import CONTENT, SURROUNDINGS
from posts.models import Post
from posts.state import POSTS_SINCE, State, from_rows
from posts.watches import VISIBLE

VISIBLE_POST = VISIBLE.format(row="post")
# The columns by which time alone changes what is shown, each with what else has to hold.
TIMES = {
    "publish_at": VISIBLE_POST,
    "unpublish_at": VISIBLE_POST,
    "pinned_until": f"{VISIBLE_POST} AND visibility = 'public' AND pinned",
}
# More are as good as all.
MOST_POSTS = 1000
NEVER = float("inf")


class Unavailable(Exception):
    """The database does not answer, so that nobody can tell what is fresh."""


class Turned(NamedTuple):
    """What has turned: counters, and the posts whose surroundings have; None if they are too many to tell."""

    counters: frozenset[int]
    posts: frozenset[int] | None


type OnTurn = Callable[[Turned], None]
type Rows = list[tuple[Any, ...]]


class Question(NamedTuple):
    """SQL in the writing of an engine, with its parameters."""

    sql: str
    parameters: tuple[str, ...] = ()


class Questions(NamedTuple):
    """What is asked of an engine: the state; around which posts something has changed; what time changes next.

    `write` gives a moment, in seconds since 1970, as the engine takes it; `read` makes that of the engine's answer.
    """

    state: str
    around: str
    due: str
    write: Callable[[float], str]
    read: Callable[[Any], float]


class Freshness(ABC):
    """Compares the state of the site with that of the last look, and says what has turned since.

    `state` is that of the last look; `due` is when time alone changes something next, in seconds since 1970. A clock
    that is put back to before the last look makes what was due come a second time.
    """

    questions: Questions

    def __init__(self, on_turn: OnTurn) -> None:
        self.on_turn = on_turn
        self.state: State = ()
        self.due = 0.0
        self._looked_at = 0.0
        self._answer: Rows | None = None

    @abstractmethod
    def holds(self) -> bool:
        """Whether surely nothing has turned since the last look; False where only a look can tell."""

    @abstractmethod
    async def look(self) -> None:
        """Find out what has turned. Raises Unavailable."""

    @abstractmethod
    def close(self) -> None:
        """Give back what it holds of the database."""

    def _looking(self) -> Generator[Question, Rows]:
        """A look, which is given the rows of the answer to each of its questions.

        The state comes first: what the other answers have that is newer will be found turned by the next look.
        """
        answer = yield Question(self.questions.state)
        now = time()
        is_due = not self._looked_at <= now < self.due
        self._looked_at = now
        if answer == self._answer and not is_due:
            return
        state = from_rows(answer)
        turned = changed(self.state, state)
        posts: frozenset[int] | None = frozenset()
        if SURROUNDINGS in turned:
            last, number = number_of(self.state), number_of(state)
            posts = None
            if self.state and surroundings.are_told(last, number):
                posts = found((yield Question(self.questions.around, (str(last),))))
        if is_due:
            turned |= {CONTENT}
        if CONTENT in turned:
            [[at]] = yield Question(self.questions.due, (self.questions.write(now),))
            self.due = NEVER if at is None else self.questions.read(at)
        self._answer, self.state = answer, state
        if turned:
            self.on_turn(Turned(turned, posts))

    def _forget(self) -> None:
        """Let everything turn at the next look, as at the first."""
        self._answer, self.state, self.due = None, (), 0.0


def changed(before: State, after: State) -> frozenset[int]:
    """The counters that differ between two states."""
    return frozenset(count.counter for count in set(before) ^ set(after))


def number_of(state: State) -> int:
    """How often surroundings had turned in a state."""
    return next((count.number for count in state if count.counter == SURROUNDINGS), 0)


def found(rows: Rows) -> frozenset[int] | None:
    return surroundings.named([int(post) for (post,) in rows], MOST_POSTS)


def around(parameter: str) -> str:
    """SQL for the posts around which something changed after a count; `parameter` as an engine writes it."""
    return POSTS_SINCE.format(parameter, MOST_POSTS + 1)


def due(parameter: str, result: str = "min(at)") -> str:
    """SQL for the next moment after one, at which time alone changes something. Indexes know each of them."""
    following = " UNION ALL ".join(
        f"SELECT min({field}) AS at FROM {Post._meta.db_table} AS post WHERE {field} > {parameter} AND {condition}"  # noqa: S608 -- ours
        for field, condition in TIMES.items()
    )
    return f"SELECT {result} FROM ({following}) AS following"  # noqa: S608 -- ours
