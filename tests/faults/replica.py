"""`mixed`, with a streaming replica that is two seconds behind its primary, and is gone for a third of the time.

A server of PostgreSQL and its copy, of the trial's own, whatever DATABASE_URL says. There are longer pauses between
changes than `mixed` makes, since a replica that never comes to the state of its primary is never read from.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .cluster import Cluster, cluster
from .trial import check

SECONDS = 60
PACE = 6.0
DELAY = "2s"
TRIED = "test_postgres"
"""The database that `mixed` makes."""
ENOUGH = 50
"""Transactions."""


def main() -> None:
    with cluster() as primary, replica_of(primary) as replica:
        replica.start()
        environment = os.environ | {"DATABASE_URL": primary.url(), "REPLICA_URLS": replica.url(TRIED)}
        command = [sys.executable, "-m", "tests.faults.mixed", str(SECONDS), "--pace", str(PACE), "--comments", "0"]
        trial = subprocess.Popen(command, env=environment)
        first, again = go_and_come(replica, trial)
        status = trial.wait()
        print(f"The replica was asked {first} times before it went, and {again} times after it was back")
        check(status == 0, "with a replica behind and gone, no answer was stale, and none leaked")
        check(min(first, again) > ENOUGH, "the replica was read from, before it went and after it was back")


@contextmanager
def replica_of(primary: Cluster) -> Iterator[Cluster]:
    replica = Cluster(primary.folder.parent / "replica")
    replica.copy_of(primary, DELAY)
    try:
        yield replica
    finally:
        replica.stop()


def go_and_come(replica: Cluster, trial: subprocess.Popen) -> tuple[int, int]:
    """Stop the replica once pages are read from it, and start it again. How often it was asked before, and after."""
    first = asked(replica, trial, ENOUGH)
    if trial.poll() is not None:
        return first, 0
    replica.stop()
    time.sleep(SECONDS / 3)
    replica.start()
    return first, asked(replica, trial)


def asked(replica: Cluster, trial: subprocess.Popen, enough: float = float("inf")) -> int:
    """How many transactions it has seen since it started, when that is more than enough, or when the trial ends."""
    most = 0
    while most <= enough and trial.poll() is None:
        # At the end of the trial the database is gone, and what was counted with it.
        most = max(most, replica.commits(TRIED))
        time.sleep(0.5)
    return most


if __name__ == "__main__":
    main()
