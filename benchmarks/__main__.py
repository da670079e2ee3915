"""Everything that has a threshold, in one run: the site beside its limits, and its growth. `make bench` runs this.

Writes a dated table and a plot to benchmarks/results/.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
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


def by_size(sites: Mapping[int, str], rounds: int, plot: Path) -> str:
    """The table of growth of sites by their numbers of posts, as Markdown; draws the plot."""
    sizes = sorted(sites)
    named = {f"{size:,}": sites[size] for size in sizes}
    print(growth.heading(named))
    pages = []
    for page in growth.compare(named, rounds):
        print(growth.line(page), flush=True)
        pages.append(page)
    costs = {page.name: page.cpu for page in pages if page.name in PLOTTED}
    title = f"Processor time of an uncached page on {connection.display_name}"
    plot.write_text(svg(title, sizes, costs, "ms"), encoding="utf-8")
    return growth.markdown(list(named), pages)


def machine() -> str:
    model = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    load = os.getloadavg()[1]
    return f"{os.cpu_count()} processors ({model.partition(':')[2].strip()}), load {load:.1f} of the last five minutes"


def version() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 -- ours


def site(text: str) -> tuple[int, str]:
    """A number of posts and the DATABASE_URL of a site that has so many, written with `=` between them."""
    size, separator, url = text.partition("=")
    if not (separator and size.isdecimal()):
        raise ArgumentTypeError(f"{text!r} is not like 1000=sqlite:////somewhere/1000.sqlite3")
    return int(size), url


def arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks", description="Measure all that has a threshold.")
    parser.add_argument("--full", action="store_true", help="up to a million posts, which takes an hour")
    parser.add_argument("--folder", help="for the databases (default: the usual one for temporary files)")
    parser.add_argument("--rounds", type=int, help="of each measurement (default: 5, or 7 with --full)")
    parser.add_argument("--seconds", type=int, help="of each load (default: 1, or 3 with --full)")
    parser.add_argument(
        "--growth",
        nargs="+",
        type=site,
        metavar="POSTS=DATABASE_URL",
        help="compare these sites, which benchmarks.seed has made, instead of making some",
    )
    options = parser.parse_args()
    options.rounds = options.rounds or (7 if options.full else 5)
    options.seconds = options.seconds or (3 if options.full else 1)
    return options


@contextmanager
def grown(options: Namespace, folder: Path) -> Iterator[Mapping[int, str]]:
    """Sites by their numbers of posts: those that are given, or new ones."""
    if options.growth:
        yield dict(options.growth)
        return
    with ExitStack() as stack:
        yield {size: stack.enter_context(seeded(size, folder)) for size in (FULL if options.full else QUICK)}


def main() -> None:
    options = arguments()
    today = f"{datetime.now(UTC):%Y-%m-%d}-{connection.vendor}"
    RESULTS.mkdir(exist_ok=True)
    about, plot = f"# {today}\n\n{machine()}; {version()}\n", RESULTS / f"{today}.svg"
    with tempfile.TemporaryDirectory(prefix="blogsite-bench-", dir=options.folder) as folder:
        limits = beside_limits(Path(folder), options.rounds, options.seconds)
        with grown(options, Path(folder)) as sites:
            growing = by_size(sites, options.rounds, plot)
    text = f"{about}\n## Beside the limits\n\n{limits}\n## Growth\n\n![Cost against size]({plot.name})\n\n{growing}"
    (RESULTS / f"{today}.md").write_text(text, encoding="utf-8")
    print(f"\nWritten to {RESULTS / today}.md and .svg")


if __name__ == "__main__":
    main()
