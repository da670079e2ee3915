"""`mixed`, with a streaming replica that is two seconds behind its primary, and is gone for a third of the time.

A server of PostgreSQL and its copy, of the trial's own, whatever DATABASE_URL says. There are longer pauses between
changes than `mixed` makes, since a replica that never comes to the state of its primary is never read from.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .cluster import Cluster, cluster
from .trial import check

SECONDS = 60
PACE = 5.0
DELAY = "2s"
TRIED = "test_postgres"
"""The database that `mixed` makes."""


def main() -> None:
    with cluster() as primary, replica_of(primary) as replica:
        replica.start()
        environment = os.environ | {"DATABASE_URL": primary.url(), "REPLICA_URLS": replica.url(TRIED)}
        command = [sys.executable, "-m", "tests.faults.mixed", str(SECONDS), "--pace", str(PACE), "--comments", "0"]
        trial = subprocess.Popen(command, env=environment)
        seen: list[int] = []
        fate = threading.Thread(target=go_and_come, args=[replica, trial, seen])
        fate.start()
        status = trial.wait()
        fate.join()
        print(f"transactions of the replica, before it went and after it was back: {seen}")
        check(status == 0, "with a replica behind and gone, no answer was stale, and none leaked")
        check(min(seen) > 0, "the replica was read from, before it went and after it was back")


@contextmanager
def replica_of(primary: Cluster) -> Iterator[Cluster]:
    replica = Cluster(primary.folder.parent / "replica")
    replica.copy_of(primary, DELAY)
    try:
        yield replica
    finally:
        replica.stop()


def go_and_come(replica: Cluster, trial: subprocess.Popen, seen: list[int]) -> None:
    """Stop the replica and start it again, and note each time how much it was asked since it started."""
    third = SECONDS / 3
    while TRIED not in replica.databases():
        time.sleep(0.5)
    time.sleep(2 * third)
    seen.append(replica.commits(TRIED))
    replica.stop()
    time.sleep(third / 2)
    replica.start()
    before = replica.commits(TRIED)
    trial.wait()
    seen.append(replica.commits(TRIED) - before)


if __name__ == "__main__":
    main()
