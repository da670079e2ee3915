"""The check on PostgreSQL: one query for all who ask at a time.

Whoever asks while a query is under way waits for the next one, which begins after they have asked: so it is exact for
each of them, and the more there are, the less it costs each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import psycopg

from posts.state import QUERIES

from .line import Line
from .looking import Freshness, OnTurn, Question, Questions, Rows, Unavailable, around, due

# In seconds: who gets no answer by then will hardly get one.
PATIENCE = 2.0
# In seconds, from one attempt to connect to the next; each failure doubles it.
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0


def as_text(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


class OnPostgreSQL(Freshness):
    """One line, which all looks share. `parameters` are those of `psycopg.connect`."""

    questions = Questions(
        QUERIES["postgresql"],
        around("$1::bigint"),
        due("$1::timestamptz", "extract(epoch FROM min(at))"),
        as_text,
        float,
    )

    def __init__(self, on_turn: OnTurn, parameters: dict[str, Any]) -> None:
        super().__init__(on_turn)
        self._parameters = parameters
        self._line: Line | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._pause, self._not_before = FIRST_PAUSE, 0.0
        self._waiting: list[asyncio.Future[None]] = []
        self._told_next: list[asyncio.Future[None]] = []
        self._look_now: Generator[Question, Rows] | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._is_second_attempt = False

    def holds(self) -> bool:
        return False

    async def look(self) -> None:
        if self._line is None and monotonic() < self._not_before:
            raise Unavailable("The database did not answer a moment ago.")
        # Each has one of its own: a client that leaves cancels no other's.
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        if self._look_now is None and self._connecting is None:
            self._begin()
        await waiter

    def close(self) -> None:
        self._give_up("The check was closed.")
        self._not_before = 0.0

    def _begin(self) -> None:
        if self._line is None:
            self._connecting = asyncio.ensure_future(self._connect())
            return
        self._told_next, self._waiting = self._waiting, []
        self._alarm = asyncio.get_running_loop().call_later(PATIENCE, self._give_up, "The database does not answer.")
        self._look_now = self._looking()
        self._line.ask(next(self._look_now))

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                line = await Line.open(self._parameters, self.questions.state, self._answered, self._try_again)
        except (psycopg.Error, OSError, TimeoutError) as error:
            self._connecting = None
            self._give_up(str(error))
        else:
            self._connecting, self._line = None, line
            self._begin()

    def _answered(self, rows: Rows) -> None:
        if self._look_now is None or self._line is None:
            return
        try:
            question = self._look_now.send(rows)
        except StopIteration:
            self._finish()
        else:
            self._line.ask(question)

    def _finish(self) -> None:
        self._is_second_attempt, self._pause = False, FIRST_PAUSE
        for waiter in self._end_look():
            if not waiter.done():
                waiter.set_result(None)
        if self._waiting:
            self._begin()

    def _try_again(self, reason: str) -> None:
        """The line may have been lost long ago, without anyone noticing: another one may well do."""
        self._line = None
        if self._is_second_attempt:
            self._give_up(reason)
            return
        self._is_second_attempt = True
        self._waiting = [*self._end_look(), *self._waiting]
        if self._waiting:
            self._begin()

    def _give_up(self, reason: str) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
        self._is_second_attempt = False
        self._not_before = monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        disappointed, self._waiting = [*self._end_look(), *self._waiting], []
        for waiter in disappointed:
            if not waiter.done():
                waiter.set_exception(Unavailable(reason))

    def _end_look(self) -> list[asyncio.Future[None]]:
        """Whatever came of it; return who was to be told."""
        if self._alarm is not None:
            self._alarm.cancel()
        told, self._told_next = self._told_next, []
        self._alarm = self._look_now = None
        return told
