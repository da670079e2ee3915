"""Everything that has a threshold, in one run: the site beside its limits, and its growth. `make bench` runs this.

Writes a dated table and a plot to benchmarks/results/.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock

from django.db import connection

from .growth import compare as growth
from .limits import rows
from .limits.run import run
from .plot import svg
from .sites import empty, seeded

RESULTS = Path(__file__).parent / "results"
QUICK, FULL = (1_000, 10_000), (1_000, 10_000, 100_000, 1_000_000)
# What the plot shows: a line for every page could not be read.
PLOTTED = (
    *("home", "home, after 9 years", "category, common", "tag, commonest", "author of half", "archive", "month"),
    *("post", "post, much discussed", "feed, RSS", "sitemap", "missing", "search: a common word", "posts"),
    *("posts: search", "comments: waiting", "comments: search", "editor"),
)


def beside_limits(folder: Path, rounds: int, seconds: int) -> str:
    """The table of ratios, printed and as Markdown."""
    with empty("limits", folder) as url, mock.patch.dict(os.environ, DATABASE_URL=url):
        found = run(folder, rounds, seconds)
    print(rows.plain(found))
    return rows.markdown(found)


def by_size(folder: Path, sizes: tuple[int, ...], rounds: int, plot: Path) -> str:
    """The table of growth as Markdown; draws the plot."""
    with ExitStack() as stack:
        sites = {f"{size:,}": stack.enter_context(seeded(size, folder)) for size in sizes}
        print(growth.heading(sites))
        pages = []
        for page in growth.compare(sites, rounds):
            print(growth.line(page), flush=True)
            pages.append(page)
    costs = {page.name: page.cpu for page in pages if page.name in PLOTTED}
    title = f"Processor time of an uncached page on {connection.vendor}"
    plot.write_text(svg(title, sizes, costs, "ms"), encoding="utf-8")
    return growth.markdown([f"{size:,}" for size in sizes], pages)


def machine() -> str:
    model = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    load = os.getloadavg()[1]
    return f"{os.cpu_count()} processors ({model.partition(':')[2].strip()}), load {load:.1f} of the last five minutes"


def version() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks", description="Measure all that has a threshold.")
    parser.add_argument("--full", action="store_true", help="up to a million posts, which takes an hour")
    parser.add_argument("--folder", help="for the databases (default: the usual one for temporary files)")
    options = parser.parse_args()
    today = f"{datetime.now(UTC):%Y-%m-%d}-{connection.vendor}"
    RESULTS.mkdir(exist_ok=True)
    about = f"# {today}\n\n{machine()}; {version()}\n"
    with tempfile.TemporaryDirectory(prefix="blogsite-bench-", dir=options.folder) as folder:
        limits = beside_limits(Path(folder), rounds=7 if options.full else 5, seconds=3 if options.full else 1)
        sizes, plot = FULL if options.full else QUICK, RESULTS / f"{today}.svg"
        growing = by_size(Path(folder), sizes, 7 if options.full else 5, plot)
    text = f"{about}\n## Beside the limits\n\n{limits}\n## Growth\n\n![Cost against size]({plot.name})\n\n{growing}"
    (RESULTS / f"{today}.md").write_text(text, encoding="utf-8")
    print(f"\nWritten to {RESULTS / today}.md and .svg")


if __name__ == "__main__":
    main()
