"""Whether the clock of this machine was put back: of answers on both sides of such a moment, nobody can judge."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# In seconds. A clock that is only slowed down loses half a millisecond a second at most.
BETWEEN_GLANCES = 0.001
QUICK = 0.0001
SMALLEST_STEP = 0.0003


@contextmanager
def watched() -> Iterator[list[float]]:
    """By how much the clock is put back, in seconds, each time that it is while one works."""
    steps: list[float] = []
    is_over = threading.Event()
    watcher = threading.Thread(target=watch, args=(steps, is_over))
    watcher.start()
    try:
        yield steps
    finally:
        is_over.set()
        watcher.join()


def watch(steps: list[float], is_over: threading.Event) -> None:
    known = None
    while not is_over.wait(BETWEEN_GLANCES):
        before = time.monotonic()
        now = time.time()
        if time.monotonic() - before > QUICK:
            # Somebody else had the processor in between.
            continue
        if known is not None and now - before < known - SMALLEST_STEP:
            steps.append(known - (now - before))
        known = now - before
