from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from argparse import ArgumentParser
from dataclasses import dataclass, field
from typing import Any, Self

ROUNDS = 7
LIMITS = {"public": 1.3, "searches": 3.0, "desk": 3.0}
# What takes longer than this is measured once a round, the others some times in a row.
SLOW_MS = 60
IN_A_ROW = 4


class Measured:
    """A site of one size, in a process that does as it is told."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.growth.measure"],
            env={**os.environ, "DATABASE_URL": url},
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

    @property
    def ratio(self) -> float:
        return self.cpu[-1] / self.cpu[0]

    @property
    def is_too_much(self) -> bool:
        return self.ratio > LIMITS[self.kind]


def measure(sites: list[Measured], kind: str, name: str, rounds: int) -> Page:
    page = Page(kind, name)
    found = [site("explore", site.addresses[kind][name]) for site in sites]
    for key, values in (("queries", page.queries), ("work", page.work), ("status", page.statuses)):
        values.extend(one[key] for one in found)
    first = [site("cpu", site.addresses[kind][name], 1) for site in sites]
    times = IN_A_ROW if max(first) < SLOW_MS else 1
    costs = [[site("cpu", site.addresses[kind][name], times) for site in sites] for _ in range(rounds)]
    page.cpu = [statistics.median(column) for column in zip(*costs, strict=True)]
    return page


def line(page: Page) -> str:
    def row(values: list[Any], form: str) -> str:
        return " → ".join(format(value, form) for value in values)

    mark = f"  above {LIMITS[page.kind]}" if page.is_too_much else ""
    odd = "" if set(page.statuses) <= {200} else f"  {row(page.statuses, 'd')}"
    return (
        f"{page.name:32}{row(page.queries, 'd'):>22}{row(page.work, '.1f'):>36}"
        f"{row(page.cpu, '.1f'):>34}{page.ratio:7.2f}{mark}{odd}"
    )


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.growth", description="Compare seeded sites, the smallest first.")
    parser.add_argument("site", nargs="+", help="such as 1k=sqlite:////somewhere/1k.sqlite3")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="pages with this in their name")
    options = parser.parse_args()
    sites = [Measured(*site.split("=", 1)) for site in options.site]
    print(" → ".join(site.name for site in sites))
    print(f"{'':32}{'queries':>22}{'work':>36}{'ms of a processor':>34}{'ratio':>7}")
    for kind, pages in sites[0].addresses.items():
        print(f"\n{kind}")
        for name in pages:
            if options.only in name:
                print(line(measure(sites, kind, name, options.rounds)), flush=True)


if __name__ == "__main__":
    main()
