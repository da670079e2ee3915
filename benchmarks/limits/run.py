"""The measurements themselves, in the order of the table."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from .contenders import Program, backends, behind_nginx, fill, granian, service
from .load import Speed, Target, ask, ask_often, check, in_turns
from .rows import Row

PAGE = "/posts/everything-the-page-can-do/"
# The other one shows a player from elsewhere, and so has a policy of its own, which no file can tell.
PAGE_AS_FILE = "/posts/nobody-else-in-the-room/"
CODINGS = {"identity": "identity", "gzip": "gzip", "br": "br"}
UNCACHED = {"home": "/", "category": "/category/workshop/", "post": PAGE, "feed": "/feed/"}
# A tick of the clock, of ten milliseconds, is then a thirtieth of what the cheapest page costs.
REQUESTS = 300
PARTS = ("speeds", "files", "costs", "footprint")

is_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")
LEAST = 0.3 if is_postgresql else 0.75
MOST_CPU = 8
MOST_SECONDS = 2
MOST_MEMORY = 200


def run(folder: Path, rounds: int, seconds: int, parts: Collection[str] = PARTS) -> list[Row]:
    """Measure; needs the demo's content in the database of DATABASE_URL, or fills a database in the folder."""
    data, bodies = folder / "data", folder / "bodies"
    data.mkdir()
    bodies.mkdir()
    fill(data)
    keep_bodies(data, bodies)
    measured: dict[str, Callable[[], list[Row]]] = {
        "speeds": lambda: speeds(data, bodies, rounds, seconds),
        "files": lambda: files(data, rounds, seconds),
        "costs": lambda: costs(data, bodies, rounds),
        "footprint": lambda: footprint(data),
    }
    return [row for part in PARTS if part in parts for row in measured[part]()]


def keep_bodies(data: Path, bodies: Path) -> None:
    """The page in each coding, as files for the limits: they answer with the same bytes."""
    with service(data) as site:
        for name, coding in CODINGS.items():
            (bodies / name).write_bytes(ask(Target(site.port, PAGE, {"Accept-Encoding": coding}))[2])


def speeds(data: Path, bodies: Path, rounds: int, seconds: int) -> list[Row]:
    """Pages from the cache, and 304, beside a bare program with the same bytes."""
    with ExitStack() as stack:
        site, bare = stack.enter_context(service(data)), stack.enter_context(granian("bare", bodies))
        constant = stack.enter_context(granian("constant", bodies, BENCHMARK_DJANGO="1"))
        targets: dict[str, Target] = {"constant Django view": Target(constant.port, "/identity")}
        for coding in CODINGS:
            targets[f"bare WSGI, {coding}"] = Target(bare.port, f"/{coding}")
            targets[f"cached page, {coding}"] = warm(Target(site.port, PAGE, {"Accept-Encoding": coding}))
        targets["304 of a page"] = known(targets["cached page, gzip"])
        targets["304 of a feed"] = known(warm(Target(site.port, "/feed/", {"Accept-Encoding": "gzip"})))
        found = in_turns(targets, rounds, seconds)
    rows = [speed_row("constant Django view", found, "bare WSGI, identity")]
    for coding in CODINGS:
        rows.append(Row(f"bare WSGI, {coding}", told(found[f"bare WSGI, {coding}"])))
        rows.append(speed_row(f"cached page, {coding}", found, f"bare WSGI, {coding}", LEAST))
        rows.append(tail_row(f"cached page, {coding}", found, f"bare WSGI, {coding}"))
    rows += [speed_row(name, found, "cached page, gzip", 1.0) for name in ("304 of a page", "304 of a feed")]
    return rows


def warm(target: Target, kept: str = "hit") -> Target:
    """Asked for until it is kept. Ends the program if that never comes: what is measured would be something else."""
    for _ in range(50):
        if ask(target)[1].get("x-cache") == kept:
            return replace(target, x_cache=kept)
        time.sleep(0.1)
    sys.exit(f"{target.path} on port {target.port} was never answered with X-Cache: {kept}.")


def known(target: Target) -> Target:
    etag = ask(target)[1]["etag"]
    return replace(target, headers={**target.headers, "If-None-Match": etag}, status=304)


def files(data: Path, rounds: int, seconds: int) -> list[Row]:
    """Pages that nginx serves itself, beside files of the same bytes."""
    with behind_nginx(data) as (nginx, folder):
        targets = {}
        for coding, ending in (("identity", ""), ("gzip", ".gz")):
            headers = {"Accept-Encoding": coding}
            page = warm(Target(nginx.port, PAGE_AS_FILE, headers), "file")
            # In as many folders, which the system has to go through as well.
            static = folder / f"{PAGE_AS_FILE[1:]}index.html{ending}"
            static.parent.mkdir(parents=True, exist_ok=True)
            static.write_bytes(ask(page)[2])
            targets[f"static file, {coding}"] = Target(nginx.port, f"/static-files{PAGE_AS_FILE}index.html", headers)
            targets[f"page behind nginx, {coding}"] = page
        found = in_turns(targets, rounds, seconds)
    rows = []
    for coding in ("identity", "gzip"):
        rows.append(Row(f"static file, {coding}", told(found[f"static file, {coding}"])))
        rows.append(speed_row(f"page behind nginx, {coding}", found, f"static file, {coding}", 0.9))
    return rows


def speed_row(name: str, found: dict[str, Speed], beside: str, least: float | None = None) -> Row:
    return Row(name, told(found[name]), beside, found[name].rate / found[beside].rate, least=least)


def tail_row(name: str, found: dict[str, Speed], beside: str) -> Row:
    return Row(f"{name}: p99", f"{found[name].p99:.2f} ms", beside, found[name].p99 / found[beside].p99, most=3)


def told(speed: Speed) -> str:
    return f"{speed.rate:,.0f}/s, p99 {speed.p99:.2f} ms"


def costs(data: Path, bodies: Path, rounds: int) -> list[Row]:
    """What a page costs that nothing was kept for, in processor time, the database's included."""
    with ExitStack() as stack:
        site = stack.enter_context(service(data, PAGE_CACHE_MB="0"))
        constant = stack.enter_context(granian("constant", bodies, BENCHMARK_DJANGO="1"))
        # Two that never touch a database come in turns with the pages.
        asked: dict[str, Callable[[], float]] = {"": lambda: cost(constant, "/identity", 10 * REQUESTS)}
        for name, path in UNCACHED.items():
            asked[name] = lambda path=path: cost(site, path, REQUESTS)
        found: dict[str, list[float]] = {name: [] for name in asked}
        for number in range(rounds + 1):
            for name, measure in asked.items():
                milliseconds = measure()
                if number:
                    found[name].append(milliseconds)
    least = median(found.pop(""))
    rows = [Row("constant Django view: CPU", f"{least:.3f} ms")]
    for name, some in found.items():
        middle = median(some)
        beside = "constant Django view"
        rows.append(Row(f"uncached {name}: CPU", f"{middle:.2f} ms", beside, middle / least, most=MOST_CPU))
    return rows


def cost(program: Program, path: str, number: int) -> float:
    """Milliseconds of processor time for each request, one at a time."""
    before, of_database = program.cpu(), backends()
    ask_often(Target(program.port, path), number)
    spent = sum(seconds - of_database.get(pid, 0.0) for pid, seconds in backends().items())
    return 1000 * (program.cpu() - before + spent) / number


def footprint(data: Path) -> list[Row]:
    """How soon the first page is there, and how much memory two processes take, idle and under load."""
    with service(data, workers=2) as site:
        idle = site.memory()
        in_turns({path: Target(site.port, path) for path in UNCACHED.values()}, 1, 2)
        ask_for_all(site.port)
        loaded = site.memory()
        started = site.seconds_to_start
    return [
        Row("start to first page", f"{started:.2f} s", "2 s", started / MOST_SECONDS, most=1),
        Row("memory of two processes, idle", f"{idle:.0f} MB"),
        Row("memory of two processes, under load", f"{loaded:.0f} MB", "200 MB", loaded / MOST_MEMORY, most=1),
    ]


def ask_for_all(port: int) -> None:
    """Ask for each address in the sitemap, in each coding, so often that hardly a process misses one."""
    paths = [path for part in paths_in(port, "/sitemap.xml") for path in paths_in(port, part)]
    for _ in range(4):
        for path in paths:
            for coding in CODINGS.values():
                check(Target(port, path, {"Accept-Encoding": coding}))


def paths_in(port: int, sitemap: str) -> list[str]:
    """What a sitemap names. Ends the program if that is nothing."""
    locations = re.findall("<loc>(.*?)</loc>", ask(Target(port, sitemap))[2].decode())
    if not locations:
        sys.exit(f"{sitemap} names nothing.")
    return [urlsplit(location).path for location in locations]
