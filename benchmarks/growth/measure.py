"""One site, measured in a process of its own: addresses come in by lines, costs go out by lines.

`cpu` is milliseconds of processor time, the database's own process included. `work` is what the database had to do,
which no other load disturbs: thousands of steps of SQLite's machine, or blocks that PostgreSQL touched.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from posts import serving

from . import addresses

STEPS = 100
# What stands once in each line of a part of the sitemap, of the page of all tags, or of a list of the desk.
LINES = (b"<loc>", b'<li><a href="/tag/', b'name="_selected_action"')


class Site:
    def __init__(self) -> None:
        self.reader = Client(SERVER_NAME="localhost", raise_request_exception=False)
        self.chief = Client(SERVER_NAME="localhost", raise_request_exception=False)
        self.chief.force_login(get_user_model().objects.get(username="chief"))
        self.backend = None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self.backend = cursor.fetchone()[0]

    def ask(self, address: str) -> HttpResponse:
        """An answer that nothing was kept for."""
        serving.feeds.clear()
        serving.sitemaps.clear()
        client = self.chief if address.startswith("/admin/") else self.reader
        return client.get(address)

    def explore(self, address: str) -> dict[str, Any]:
        """What is the same each time."""
        self.ask(address)
        with CaptureQueriesContext(connection) as captured:
            answer = self.ask(address)
        queries = [query["sql"] for query in captured]
        work = self.steps(address) if connection.vendor == "sqlite" else sum(map(blocks, queries))
        lines = sum(answer.content.count(mark) for mark in LINES)
        return {"status": answer.status_code, "lines": lines, "queries": len(queries), "work": work}

    def steps(self, address: str) -> float:
        count = 0

        def step() -> None:
            nonlocal count
            count += 1

        connection.connection.set_progress_handler(step, STEPS)
        self.ask(address)
        connection.connection.set_progress_handler(None, 0)
        return count * STEPS / 1000

    def cpu(self, address: str, times: int) -> float:
        before = time.process_time() + self.of_the_database()
        for _ in range(times):
            self.ask(address)
        return 1000 * (time.process_time() + self.of_the_database() - before) / times

    def of_the_database(self) -> float:
        """Seconds of processor time of the process that serves this connection."""
        if self.backend is None:
            return 0.0
        # In nanoseconds, where stat would tell hundredths of a second, which are several pages:
        # https://docs.kernel.org/scheduler/sched-stats.html
        return int(Path(f"/proc/{self.backend}/schedstat").read_text().split()[0]) / 1e9


def blocks(sql: str) -> int:
    """Blocks that PostgreSQL looks at for a query."""
    if not sql.lstrip("( ").startswith(("SELECT", "WITH")):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return top["Shared Hit Blocks"] + top["Shared Read Blocks"]


def main() -> None:
    site = Site()
    told: dict[str, dict[str, str]] = {name: getattr(addresses, name)() for name in ("public", "searches", "desk")}
    orders: dict[str, Callable[..., Any]] = {"explore": site.explore, "cpu": site.cpu}
    print(json.dumps(told), flush=True)
    with suppress(KeyboardInterrupt):
        for line in sys.stdin:
            order, *arguments = json.loads(line)
            print(json.dumps(orders[order](*arguments)), flush=True)


if __name__ == "__main__":
    main()
