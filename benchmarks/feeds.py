"""What a poll of a feed costs: a 304, a 200 from what is kept, and the feed made anew.

Run it with `python -m benchmarks.feeds`. Like `benchmarks.pages` it builds a database of its own, and drops it again.
"""

import sys
import time
from collections.abc import Callable

from .pages import REPEATS, database, grow  # sets Django up

# isort: split

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from posts.models import Generation
from posts.serving import feeds

POSTS = 1000
ADDRESSES = {"RSS": "/feed/", "Atom": "/feed/atom/", "JSON": "/feed/json/"}


def fastest(ask: Callable[[], HttpResponse], status: int, before: Callable[[], None] = lambda: None) -> float:
    """Milliseconds of the fastest of many requests; what happens before each is not measured."""
    times = []
    for _ in range(REPEATS):
        before()
        start = time.perf_counter()
        response = ask()
        times.append(1000 * (time.perf_counter() - start))
        if response.status_code != status:
            sys.exit(f"answered {response.status_code}, not {status}")
    return min(times)


def turn() -> None:
    """As if something had changed elsewhere on the site."""
    row = Generation.objects.get(pk=1)
    Generation.objects.filter(pk=1).update(number=row.number + 1)


def measure(address: str) -> dict[str, float]:
    """Milliseconds by what is asked, with gzip as most readers ask for it."""
    client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip"})
    known = {"if-none-match": client.get(address).headers["ETag"]}
    return {
        "304": fastest(lambda: client.get(address, headers=known), 304),
        "200, kept": fastest(lambda: client.get(address), 200),
        "304, made anew": fastest(lambda: client.get(address, headers=known), 304, turn),
        "200, made anew": fastest(lambda: client.get(address), 200, feeds.clear),
    }


def weights(address: str) -> str:
    """Kilobytes as they are, by gzip and by Brotli."""
    client = Client(SERVER_NAME="localhost")
    answers = (client.get(address, headers={"accept-encoding": name}) for name in ("", "gzip", "br"))
    return " / ".join(f"{len(answer.content) / 1000:.1f}" for answer in answers)


def queries_of_304(address: str) -> int:
    client = Client(SERVER_NAME="localhost")
    etag = client.get(address).headers["ETag"]
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers={"if-none-match": etag})
    return len(captured)


def main() -> None:
    with database():
        grow(POSTS)
        print(f"{connection.vendor}, {POSTS:,} posts, the fastest of {REPEATS} requests, one at a time, in ms\n")
        for name, address in ADDRESSES.items():
            times = measure(address)
            once = times["304"]
            costs = "   ".join(f"{what} {cost:.1f} ({cost / once:.1f})" for what, cost in times.items())
            print(f"{name:6}{costs}   queries of a 304: {queries_of_304(address)}   kB: {weights(address)}")


if __name__ == "__main__":
    main()
