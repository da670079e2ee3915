"""Whether the clock of this machine was put back: of answers on both sides of such a moment, nobody can judge."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

# In seconds. Between the two clocks are read, somebody else may have the processor: then it is no reading.
BETWEEN_GLANCES = 0.001
QUICK = 0.0001
SMALLEST_STEP = 3 * QUICK


class Step(NamedTuple):
    """When the clock had been put back, by itself, and by how much; both in seconds."""

    moment: float
    back: float


@contextmanager
def watched() -> Iterator[list[Step]]:
    """Each time that the clock is put back while one works."""
    steps: list[Step] = []
    is_over = threading.Event()
    watcher = threading.Thread(target=watch, args=(steps, is_over))
    watcher.start()
    try:
        yield steps
    finally:
        is_over.set()
        watcher.join()


def watch(steps: list[Step], is_over: threading.Event) -> None:
    known = None
    while not is_over.wait(BETWEEN_GLANCES):
        before = time.monotonic()
        now = time.time()
        if time.monotonic() - before > QUICK:
            continue
        if known is not None and now - before < known - SMALLEST_STEP:
            steps.append(Step(now, known - (now - before)))
        known = now - before
