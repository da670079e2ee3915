from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import connection

from ..sites import empty, seeded

SIZES = (1_000, 10_000)


def told(module: str, url: str, *arguments: str) -> dict[str, Any]:
    """What a part found in the database of this address."""
    command = [sys.executable, "-m", f"benchmarks.writes.{module}", *arguments]
    environment = {**os.environ, "DATABASE_URL": url}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 -- ours
    return json.loads(done.stdout.splitlines()[-1])


def compare_changes(sites: list[str]) -> None:
    """A line for each change: queries and milliseconds at each size, and how often the first goes into the last."""
    found = [told("changes", url) for url in sites]
    for name in found[0]:
        queries, times = zip(*(site[name] for site in found), strict=True)
        numbers = (" → ".join(map(str, queries)), " → ".join(f"{milliseconds:.1f}" for milliseconds in times))
        print(f"{name:24}{numbers[0]:>16}{numbers[1]:>20}{times[-1] / times[0]:>8.2f}", flush=True)


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.writes", description="Measure what it costs to write.")
    parser.add_argument("--posts", type=int, default=10_000, help="how many to import (default: %(default)s)")
    parser.add_argument("--site", action="append", help="a seeded site to change, instead of new ones (repeatable)")
    options = parser.parse_args()
    print(f"{connection.vendor}; milliseconds of a processor, the database's own process included")
    with tempfile.TemporaryDirectory(prefix="blogsite-writes-") as name:
        folder = Path(name)
        with empty("moving", folder) as url:
            for part, cost in told("moving", url, str(options.posts)).items():
                print(f"{part:44}{cost:>10.2f}", flush=True)
        if options.site:
            compare_changes(options.site)
            return
        with seeded(SIZES[0], folder) as few, seeded(SIZES[1], folder) as many:
            compare_changes([few, many])


if __name__ == "__main__":
    main()
