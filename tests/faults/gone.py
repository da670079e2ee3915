"""The database goes away and comes back: readers are asked to come again, at once, and then everything is as before.

For both engines, whatever DATABASE_URL says: a PostgreSQL server of its own that is stopped, and a file of SQLite that
cannot be opened, or whose lock somebody else holds.
"""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple

from . import trial
from .cluster import cluster, folder
from .trial import Line, Server, check

READERS = 20
OUTAGES = 3
SECONDS_OF_OUTAGE = 6
PATIENCE = 5.0
"""Seconds within which everybody is answered, and after which nobody is refused any more."""
POST = "the-last-ferry"
"""Of the demo."""


class Asked(NamedTuple):
    address: str
    status: int  # 0 for none
    retry_after: str
    seconds: float


def main() -> None:
    with cluster() as postgresql:
        on_postgresql(postgresql)
    with folder() as parent:
        on_sqlite(parent)


def on_postgresql(postgresql) -> None:
    server = served(postgresql.url())
    try:
        for _ in range(OUTAGES):
            postgresql.stop()
            outage(server, "PostgreSQL is stopped", {503})
            postgresql.start()
            recovery(server)
    finally:
        server.stop()


def on_sqlite(parent: Path) -> None:
    data = parent / "data"
    data.mkdir()
    server = served(f"sqlite:///{data}/db.sqlite3")
    try:
        data.rename(parent / "elsewhere")
        outage(server, "the file cannot be opened", {503})
        (parent / "elsewhere").rename(data)
        recovery(server)
        with closing(sqlite3.connect(data / "db.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            outage(server, "somebody holds the lock", {200})
            start = time.perf_counter()
            refused = server.write_below(POST, "Am I let in?", "198.51.100.7")
            waited = time.perf_counter() - start
            check(refused.status == 503, f"a comment was asked to come again, after {waited:.0f} s")
            other.execute("ROLLBACK")
        recovery(server)
    finally:
        server.stop()


def served(url: str) -> Server:
    """The demo in this database, served."""
    for command in (["migrate", "--verbosity", "0"], ["collectstatic", "--no-input", "--verbosity", "0"], ["demo"]):
        environment = trial.product_environment() | {"DATABASE_URL": url}
        full = [sys.executable, "manage.py", *command]
        subprocess.run(full, cwd=trial.ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return Server(DATABASE_URL=url, LOG_LEVEL="CRITICAL")


def addresses() -> list[str]:
    """What anybody may ask for: pages that all ask for, and such as nobody has asked for before."""
    return ["/", f"/posts/{POST}/", "/feed/", "/archive/", f"/search/?q=w{random.getrandbits(30)}", "/admin/login/"]


def ask(server: Server | Line, address: str) -> Asked:
    start = time.perf_counter()
    try:
        answer = server.ask(address)
    except (OSError, HTTPException):
        return Asked(address, 0, "", time.perf_counter() - start)
    return Asked(address, answer.status, answer.headers.get("retry-after", ""), time.perf_counter() - start)


def ask_all(line: Line) -> list[Asked]:
    return [ask(line, address) for address in addresses()]


def outage(server: Server, name: str, allowed: set[int]) -> None:
    """Ask for everything, as many do at once, while the database is away."""
    until = time.perf_counter() + SECONDS_OF_OUTAGE

    def keep_asking(_: int) -> list[Asked]:
        asked = []
        while time.perf_counter() < until:
            asked.append(ask(server, random.choice(addresses())))
        return asked

    with ThreadPoolExecutor(READERS) as readers:
        asked = [each for some in readers.map(keep_asking, range(READERS)) for each in some]
    statuses = Counter(each.status for each in asked)
    slowest = max(asked, key=lambda each: each.seconds)
    print(f"{name}: {len(asked)} answers {dict(statuses)}, at most {slowest.seconds:.2f} s ({slowest.address})")
    check(set(statuses) <= allowed, f"every answer is one of {sorted(allowed)}")
    check(all(each.retry_after for each in asked if each.status == 503), "each 503 says when to come again")
    check(slowest.seconds < PATIENCE, f"nobody waited for {PATIENCE:.0f} s")
    check(server.ask("/healthz").status == 200, "the processes are alive")


def recovery(server: Server) -> None:
    """Until every process has found out, each by itself. A busy machine takes its time; that is no refusal."""
    start = time.perf_counter()
    refused_at = start
    with server.lines() as lines:
        while refusals := [each for some in trial.at_once(ask_all, lines) for each in some if each.status != 200]:
            refused_at = time.perf_counter()
            if refused_at - start > PATIENCE:
                print(f"Refused: {refusals[:3]}")
                break
            time.sleep(0.05)
    seconds = refused_at - start
    check(seconds < PATIENCE, f"the last refusal came {seconds:.2f} s after the database was back")
    asked = trial.at_once(lambda address: ask(server, address), addresses() * 20, threads=READERS)
    statuses = Counter(each.status for each in asked)
    check(set(statuses) == {200}, f"{READERS} readers at once are answered as before: {dict(statuses)}")
    comment = server.write_below(POST, f"Number {random.getrandbits(30)}.", f"198.51.100.{random.randrange(256)}")
    check(comment.status == 302, f"and a comment is taken in ({comment.status})")


if __name__ == "__main__":
    main()
