"""A connection to PostgreSQL that the event loop asks one question at a time, without a task or a thread for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import batched
from typing import Any, Self

import psycopg
from psycopg import pq

from .looking import Question, Rows

PREPARED = "blogsite_state"


class Line:
    """Each question that is asked brings a call of `on_answer` or of `on_loss`; after the latter the line is dead.

    A line that nobody asks at the moment may be lost as well.
    """

    def __init__(
        self,
        connection: psycopg.AsyncConnection,
        on_answer: Callable[[Rows], None],
        on_loss: Callable[[str], None],
        *,
        is_prepared: bool,
    ) -> None:
        self._connection = connection
        self._is_prepared = is_prepared
        self._line = connection.pgconn
        self._on_answer = on_answer
        self._on_loss = on_loss
        self._is_asking = False
        self._result: pq.abc.PGresult | None = None
        # Once the line is lost, it knows its number no more.
        self._socket = self._line.socket
        asyncio.get_running_loop().add_reader(self._socket, self._readable)

    @classmethod
    async def open(
        cls, parameters: dict[str, Any], often: str, on_answer: Callable[[Rows], None], on_loss: Callable[[str], None]
    ) -> Self:
        """A line for the parameters of `psycopg.connect`, on which the question `often` is prepared if others are.

        Raises psycopg.Error.
        """
        # A pooler in between would pass questions to one server that were prepared on another one.
        may_prepare = parameters.get("prepare_threshold") is not None
        # What Django sets for connections of its own, which are not asynchronous.
        parameters = {**parameters, "cursor_factory": None, "context": None}
        connection = await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
        if may_prepare:
            try:
                await connection.execute(f"PREPARE {PREPARED} AS {often}")
            except BaseException:
                await connection.close()
                raise
        return cls(connection, on_answer, on_loss, is_prepared=may_prepare)

    def ask(self, question: Question) -> None:
        """One without parameters is that which is asked so often."""
        self._is_asking = True
        try:
            if question.parameters or not self._is_prepared:
                self._line.send_query_params(question.sql.encode(), [text.encode() for text in question.parameters])
            else:
                self._line.send_query_prepared(PREPARED.encode(), None)
            # A line waits for its answer before it is asked again, so that there is always room for a question.
            self._line.flush()
        except psycopg.Error as error:
            self._lose(error)

    def close(self) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._line.finish()

    def _readable(self) -> None:
        try:
            self._line.consume_input()
            while self._is_asking and not self._line.is_busy():
                result = self._line.get_result()
                if result is not None:
                    self._result = result
                    continue
                self._is_asking = False
                self._on_answer(rows_of(self._result))
        except psycopg.Error as error:
            self._lose(error)

    def _lose(self, error: psycopg.Error) -> None:
        self.close()
        self._on_loss(str(error))


def rows_of(result: pq.abc.PGresult | None) -> Rows:
    """The rows of an answer, as text. Raises psycopg.OperationalError for a refusal."""
    if result is None or result.status != pq.ExecStatus.TUPLES_OK:
        raise psycopg.OperationalError(result.get_error_message() if result else "There was no answer.")
    values = [
        decoded(result.get_value(row, column)) for row in range(result.ntuples) for column in range(result.nfields)
    ]
    return list(batched(values, result.nfields))


def decoded(value: bytes | None) -> str | None:
    return None if value is None else value.decode()
