"""Addresses made up without end, and everybody at once: memory stays bounded, and popular pages stay at hand."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

from posts.models import Post
from tests.factories import make_author, make_category, make_post

from . import trial
from .trial import Line, Server, check

POSTS = 60
POPULAR = ["/", "/archive/", "/tags/", "/category/harbour/", "/tag/ropes/", *(f"/posts/post-{n}/" for n in range(5))]
QUESTIONS = 800
"""Of each flood."""
THREADS = 16
MEGABYTES_MORE = 60
"""That each process may take while it is flooded, with a cache of 32."""
CLIENTS = 200
TOKEN = "for-the-trial"


def main() -> None:
    with trial.site(title="Floods"):
        furnish()
        server = Server(METRICS_TOKEN=TOKEN)
        try:
            read_popular(server)
            before = memory(server)
            for name, address in FLOODS.items():
                flood(server, name, address)
            after = memory(server)
            print(f"proportional memory of all processes: {before:.0f} MB, after the floods {after:.0f} MB")
            check(after - before < trial.WORKERS * MEGABYTES_MORE, f"none took more than {MEGABYTES_MORE} MB")
            stampede(server)
        finally:
            server.stop()


def furnish() -> None:
    category, author = make_category("Harbour", slug="harbour"), make_author("Ann")
    for number in range(POSTS):
        body = "A paragraph to read.\n\n" * 20
        tags = ["ropes"]
        make_post(slug=f"post-{number}", body=body, author=author, categories=[category], tags=tags)


def anything() -> str:
    return f"{random.getrandbits(64):016x}"


FLOODS: dict[str, Callable[[], str]] = {
    "unknown parameters": lambda: f"{random.choice(POPULAR)}?{anything()}={anything()}",
    "campaigns": lambda: f"/?utm_source={anything()}&fbclid={anything()}",
    "positions": lambda: (
        f"/?before=20{random.randrange(10, 27)}-01-01T00:00:00.{random.randrange(10**5)}1Z_{anything()[:3]}"
    ),
    "known positions": lambda: f"/?before=2026-01-01T00:00:00Z_{random.randrange(1, 10**9)}",
    "missing paths": lambda: f"/{anything()}/{anything()}/",
    "missing posts": lambda: f"/posts/{anything()}/",
    "searches": lambda: f"/search/?q={anything()}",
}


def flood(server: Server, name: str, address: Callable[[], str]) -> None:
    """Ask for made-up addresses, and now and then for a popular page, as readers go on doing."""
    share: Counter[str] = Counter()
    statuses: Counter[int] = Counter()

    def ask(_: int) -> None:
        line = Line(server.port)
        for number in range(QUESTIONS // THREADS):
            statuses[line.ask(address()).status] += 1
            if number % 10 == 0:
                popular = random.choice(POPULAR)
                cache = line.ask(popular).headers.get("x-cache", "none")
                share[cache if cache == "hit" else f"{cache} of {popular}"] += 1
        line.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(ask, range(THREADS)))
    print(f"{name}: answers {dict(statuses)}; popular pages {dict(share)}; {memory(server):.0f} MB")
    check(max(statuses) < 500, "none of them was too much")
    check(share["hit"] >= 0.99 * share.total(), "popular pages stayed at hand")


def read_popular(server: Server) -> None:
    """Twice in every process, as pages that are read are asked for more than once."""
    for _ in range(2):
        with server.lines() as lines:
            for line in lines:
                for address in POPULAR:
                    line.ask(address)


def memory(server: Server) -> float:
    """What all processes of the server take, in MB; what they share counts once."""
    pids = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in [str(server.process.pid), *pids]]
    return sum(int(re.search(r"^Pss: +(\d+)", rollup, re.MULTILINE)[1]) for rollup in rollups) / 1024  # type: ignore[index]


def rebuilt(server: Server) -> int:
    """How many pages all processes have rendered so far."""
    text = server.ask("/metrics", Authorization=f"Bearer {TOKEN}").body
    return int(re.search(r"^blogsite_page_cache_rebuild_seconds_count (\d+)", text, re.MULTILINE)[1])  # type: ignore[index]


def stampede(server: Server) -> None:
    """Everybody asks for a page that has just turned."""
    Post.objects.filter(slug=f"post-{POSTS - 1}").update(title="Turned")
    before = rebuilt(server)

    def ask(_: int) -> str:
        try:
            return server.ask("/").body
        except (OSError, HTTPException) as error:
            return repr(error)

    bodies = trial.at_once(ask, list(range(CLIENTS)), threads=CLIENTS)
    made = rebuilt(server) - before
    check(all("Turned" in body for body in bodies), f"{CLIENTS} clients at once all got the page as it is now")
    check(made <= trial.WORKERS, f"it was rendered {made} times, once in a process")


if __name__ == "__main__":
    main()
