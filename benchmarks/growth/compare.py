"""Sites of several sizes, measured in turns, and what became of each page's cost."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Self

ROUNDS = 7
LIMITS = {"public": 1.3, "searches": 3.0, "desk": 3.0}
# A page is asked for so often in a row that it takes about so long, or once.
LONG_ENOUGH_MS = 40
# So many times the lines that the smallest site shows; up to that, a page is compared as a whole.
MORE_TO_SHOW = 1.1


class Measured:
    """A site of one size, in a process that does as it is told."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.growth.measure"],
            # As the server has its connections.
            env={**os.environ, "DATABASE_URL": url, "DATABASE_POOL": "true"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addresses: dict[str, dict[str, str]] = self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def __call__(self, *order: Any) -> Any:
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> Any:
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"The site {self.name} broke off.")
        return json.loads(line)


@dataclass
class Page:
    """What one page costs at each size, in the order of the sizes."""

    kind: str
    name: str
    queries: list[int] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    @property
    def is_by_line(self) -> bool:
        """Whether there is so much more to show on the largest site that only the cost of a line can be compared."""
        return self.lines[-1] > MORE_TO_SHOW * max(self.lines[0], 1)

    @property
    def ratio(self) -> float:
        whole = self.cpu[-1] / self.cpu[0]
        return whole * max(self.lines[0], 1) / self.lines[-1] if self.is_by_line else whole

    @property
    def is_too_much(self) -> bool:
        return self.ratio > LIMITS[self.kind]


def measure(sites: list[Measured], kind: str, name: str, rounds: int) -> Page:
    page = Page(kind, name)
    found = [site("explore", site.addresses[kind][name]) for site in sites]
    page.queries, page.work, page.statuses, page.lines = (
        [one[key] for one in found] for key in ("queries", "work", "status", "lines")
    )
    first = [site("cpu", site.addresses[kind][name], 1) for site in sites]
    times = max(1, round(LONG_ENOUGH_MS / max(first)))
    costs = [[site("cpu", site.addresses[kind][name], times) for site in sites] for _ in range(rounds)]
    page.cpu = [statistics.median(column) for column in zip(*costs, strict=True)]
    return page


def arrows(values: Sequence[Any], form: str) -> str:
    return " → ".join(format(value, form) for value in values)


def line(page: Page) -> str:
    mark = f"  above {LIMITS[page.kind]}" if page.is_too_much else ""
    mark += f"  a line of {arrows(page.lines, 'd')}" if page.is_by_line else ""
    odd = "" if set(page.statuses) <= {200} else f"  {arrows(page.statuses, 'd')}"
    return (
        f"{page.name:32}{arrows(page.queries, 'd'):>22}{arrows(page.work, '.1f'):>36}"
        f"{arrows(page.cpu, '.1f'):>34}{page.ratio:7.2f}{mark}{odd}"
    )


def compare(sites: Mapping[str, str], rounds: int = ROUNDS, only: str = "") -> Iterator[Page]:
    """The pages with `only` in their kind or name, on the sites of these databases, the smallest first."""
    with ExitStack() as stack:
        measured = [stack.enter_context(Measured(name, url)) for name, url in sites.items()]
        for kind, pages in measured[0].addresses.items():
            for name in pages:
                if only in f"{kind} {name}":
                    yield measure(measured, kind, name, rounds)


def heading(sites: Mapping[str, str]) -> str:
    return f"{' → '.join(sites)}\n{'':32}{'queries':>22}{'work':>36}{'ms of a processor':>34}{'ratio':>7}"


def markdown(sizes: Sequence[str], pages: Sequence[Page]) -> str:
    lines = [
        f"| page | queries | work | ms of a processor, {' → '.join(sizes)} | ratio | threshold | |",
        "| --- | --- | --- | --- | ---: | --- | --- |",
    ]
    for page in pages:
        verdict = "**missed**" if page.is_too_much else "kept"
        verdict += f", by a line of {arrows(page.lines, ',')}" if page.is_by_line else ""
        lines.append(
            f"| {page.name} | {arrows(page.queries, 'd')} | {arrows(page.work, '.1f')} | {arrows(page.cpu, '.1f')} "
            f"| {page.ratio:.2f} | ≤ {LIMITS[page.kind]:g} | {verdict} |"
        )
    return "\n".join(lines) + "\n"
