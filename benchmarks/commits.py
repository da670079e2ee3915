"""What a change costs more where pages are files: it has to look what it changes, and to take that away.

    python -m benchmarks.commits

One process has PAGE_FILES and the other one not; both save the same post of the demo's content by turns, in a database
of their own, or in that of DATABASE_URL. In the first, all pages are there to be taken away at each save.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from .limits.contenders import ROOT, fill, product
from .limits.rows import Row, plain

SAVES = 100
# Run in a process of its own: for each way on its input, SAVES changes, and their seconds of processor time.
CHANGING = f"""
import sys, time
import django
django.setup()
from math import inf
from django.conf import settings
from django.db import connection
from blogsite.pagefiles import withdrawing
from blogsite.pagefiles.folder import Edition, Folder
from posts.models import Post

folder = Folder(settings.PAGE_FILES) if settings.PAGE_FILES else None
post = Post.objects.first()
ways = {{
    "a save": lambda number: post.save(),
    "an update": lambda number: Post.objects.filter(pk=post.pk).update(title=f"Title {{number}}"),
}}
connection.ensure_connection()
for line in sys.stdin:
    change, took = ways[line.strip()], 0.0
    for number in range({SAVES}):
        if folder:
            state = connection.look()
            folder.begin(Edition("", withdrawing.digest_of(state), inf), withdrawing.numbers_of(state))
        began = time.process_time()
        change(f"{{number}} {{time.time()}}")
        took += time.process_time() - began
        if folder:
            folder.sweep(folder.left_over())
    print(took, flush=True)
"""


@contextmanager
def changing(data: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 -- our own command
        [sys.executable, "-c", CHANGING],
        cwd=ROOT,
        env={**os.environ, **product(data), "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def milliseconds(process: subprocess.Popen[str], change: str) -> float:
    """Of each change, in processor time of its process: other work on the machine makes no difference."""
    process.stdin.write(f"{change}\n")
    process.stdin.flush()
    return 1000 * float(process.stdout.readline()) / SAVES


def run(folder: Path, rounds: int) -> list[Row]:
    """Measure; needs the demo's content in the database of DATABASE_URL, or of the folder."""
    pages = {"PAGE_FILES": str(folder / "pages"), "SITE_URL": "http://127.0.0.1"}
    rows = []
    with ExitStack() as stack:
        plainly, withdrawing = (stack.enter_context(changing(folder, **more)) for more in ({}, pages))
        for change in ("a save", "an update"):
            found = [(milliseconds(plainly, change), milliseconds(withdrawing, change)) for _ in range(rounds + 1)][1:]
            without, with_files = (median(some) for some in zip(*found, strict=True))
            rows.append(Row(change, f"{without:.2f} ms of CPU"))
            rows.append(Row(f"{change}, page files", f"{with_files:.2f} ms of CPU", change, with_files / without))
    return rows


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="blogsite-commits-") as folder:
        fill(Path(folder))
        print(plain(run(Path(folder), rounds=7)))


if __name__ == "__main__":
    main()
