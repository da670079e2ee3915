"""What happens at the page cache, counted for all processes of the service, in the text format of Prometheus.

Each process counts in a small file of its own, mapped into its memory, so that to count is to add, and whichever
process is asked adds up what all have counted. The files bear the number of the server's first process, whose children
the others are: what a process has counted that has ended meanwhile still counts, what it held does not.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

# In seconds.
LIMITS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)

# Places in the file: numbers of eight bytes each.
HIT, MISS, BYPASS, UNCHANGED, EVICTED, ENTRIES, BYTES, REBUILT, SPENT, FIRST_LIMIT = range(10)
PLACES = FIRST_LIMIT + len(LIMITS)

COUNTERS = {
    HIT: ("hits", "Answers from the page cache, those without content among them."),
    MISS: ("misses", "Answers that had to be rendered first."),
    BYPASS: ("bypasses", "Requests that the page cache has nothing for, such as those of editors."),
    UNCHANGED: ("not_modified", "Hits without content: the client had it already."),
    EVICTED: ("evictions", "Entries that had to make room for others."),
}
GAUGES = {
    ENTRIES: ("entries", "Answers kept now."),
    BYTES: ("bytes", "Memory that they take, roughly."),
}
FILE = re.compile(r"(\d+)-(\d+)\.counts")


class Counts:
    """What this process counts. Like an array of numbers, from HIT on."""

    def __init__(self, path: Path | None = None) -> None:
        path = path or own_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w+b") as file:
            file.truncate(PLACES * 8)
            self.numbers = memoryview(mmap.mmap(file.fileno(), 0)).cast("d")

    def rebuilt(self, seconds: float) -> None:
        self.numbers[REBUILT] += 1
        self.numbers[SPENT] += seconds
        for place, limit in enumerate(LIMITS, FIRST_LIMIT):
            if seconds <= limit:
                self.numbers[place] += 1


def folder() -> Path:
    return Path(settings.DATA_DIR, "metrics")


def own_path() -> Path:
    return folder() / f"{os.getppid()}-{os.getpid()}.counts"


def begin_anew() -> None:
    """Forget what an earlier server has counted. Called by the process that is about to become the server."""
    for path in folder().glob("*.counts"):
        parts = FILE.fullmatch(path.name)
        if parts and (int(parts[1]) == os.getpid() or not lives(int(parts[1]))):
            path.unlink(missing_ok=True)


def lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def total() -> list[float]:
    """What all processes of this service have counted, and what those that live hold."""
    numbers = [0.0] * PLACES
    for path in folder().glob(f"{os.getppid()}-*.counts"):
        with memoryview(path.read_bytes()).cast("d") as counted:
            is_gone = not lives(int(path.stem.partition("-")[2]))
            for place, number in enumerate(counted):
                numbers[place] += 0 if place in GAUGES and is_gone else number
    return numbers


def text() -> str:
    return "\n".join(lines(total())) + "\n"


def lines(numbers: list[float]) -> Iterator[str]:
    for place, (name, meaning) in COUNTERS.items():
        yield from metric(f"{name}_total", "counter", meaning, [f" {numbers[place]:.0f}"])
    for place, (name, meaning) in GAUGES.items():
        yield from metric(name, "gauge", meaning, [f" {numbers[place]:.0f}"])
    within = zip([*map(str, LIMITS), "+Inf"], [*numbers[FIRST_LIMIT:], numbers[REBUILT]], strict=True)
    buckets = [f'_bucket{{le="{limit}"}} {number:.0f}' for limit, number in within]
    ends = [f"_sum {numbers[SPENT]:.6f}", f"_count {numbers[REBUILT]:.0f}"]
    yield from metric("rebuild_seconds", "histogram", "How long answers took to be rendered.", [*buckets, *ends])


def metric(name: str, kind: str, meaning: str, samples: Iterable[str]) -> list[str]:
    whole = f"blogsite_page_cache_{name}"
    return [f"# HELP {whole} {meaning}", f"# TYPE {whole} {kind}", *(whole + sample for sample in samples)]
