"""What it costs to know that a page is still true, by several ways: `DATABASE_URL=… python -m benchmarks.freshness`.

On a database that has been migrated. CPU time in microseconds a hit, in this process and, on PostgreSQL, in that of the
server as well; medians of several rounds in which each way has its turn.
"""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Awaitable, Callable
from time import process_time
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection

from blogsite import freshness
from posts import state

from .limits.contenders import seconds_of

ROUNDS, HITS = 5, 10_000

type Look = Callable[[], Awaitable[Any]]


async def cost(look: Look, together: int, servers: list[int]) -> tuple[float, float]:
    """CPU of a hit, here and in the servers, when so many come together."""

    async def client() -> None:
        for _ in range(HITS // together):
            await look()

    here, there = process_time(), sum(map(seconds_of, servers))
    await asyncio.gather(*(client() for _ in range(together)))
    return (process_time() - here) / HITS * 1e6, (sum(map(seconds_of, servers)) - there) / HITS * 1e6


async def compare(ways: dict[str, Look], servers: list[int]) -> None:
    crowds = (1, 16, 64) if connection.vendor == "postgresql" else (1,)
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for _ in range(ROUNDS):
        for name, look in ways.items():
            for together in crowds:
                found.setdefault((name, together), []).append(await cost(look, together, servers))
    for (name, together), times in found.items():
        here, there = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{name:40} {together:3} at a time {here:8.2f} us here {there:8.2f} us in the server")


async def on_sqlite() -> None:
    checker = freshness.make(lambda turned: None)
    await checker.look()
    own = checker._connection  # type: ignore[attr-defined]  # noqa: SLF001 -- the same connection for each way

    async def glance() -> None:
        checker.holds()

    async def version() -> None:
        own.execute("PRAGMA data_version").fetchall()

    async def row() -> None:
        own.execute("SELECT number FROM posts_generation WHERE id = 1").fetchall()

    async def rows() -> None:
        own.execute(state.QUERIES["sqlite"]).fetchall()

    async def nothing() -> None:
        pass

    ways: dict[str, Look] = {
        "nothing at all": nothing,
        "the header of the WAL-index": glance,
        "PRAGMA data_version": version,
        "SELECT of one counter": row,
        "SELECT of all counters": rows,
    }
    await compare(ways, [])


async def on_postgresql() -> None:
    checker = freshness.make(lambda turned: None)
    await checker.look()
    single = freshness.make(lambda turned: None)
    await single.look()
    one_at_a_time = asyncio.Lock()

    async def alone() -> None:
        async with one_at_a_time:
            await single.look()

    ways: dict[str, Look] = {"one query shared": checker.look, "a query for each": alone}
    servers = [_backend(each) for each in (checker, single)]
    await compare(ways, servers)
    await compare({"Django, in its thread": sync_to_async(state.current)}, [await sync_to_async(_own_backend)()])


def _backend(checker: Any) -> int:
    return checker._line._line.backend_pid  # noqa: SLF001 -- whose time is to be taken


def _own_backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


if __name__ == "__main__":
    asyncio.run(on_postgresql() if connection.vendor == "postgresql" else on_sqlite())
