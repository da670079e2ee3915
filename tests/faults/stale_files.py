"""Thousands of changes, each followed at once by the question what nginx says now, while others ask without pause.

    python -m tests.faults.stale_files [rounds]

Each change is a commit by Django in a process of its own, in turns a bulk update, a save and a comment.
"""

from __future__ import annotations

import re
import sys
import tempfile
import threading
from collections import Counter
from http import HTTPStatus
from pathlib import Path

from tests.behind_nginx import Site

ROUNDS = 3000
READERS = 2
BEGIN = """
from comments.models import Comment
from posts.models import Post
from tests.factories import make_comment, make_post
harbour = make_post("Harbour", slug="harbour")
hello = make_comment(harbour, "Hello.")
def save(words):
    # As the admin does: it saves all columns of what it has just read.
    harbour.refresh_from_db()
    harbour.title = words
    harbour.save()
changes = [
    lambda words: Post.objects.filter(pk=harbour.pk).update(title=words),
    save,
    lambda words: Comment.objects.filter(pk=hello.pk).update(body_html=f"<p>{words}</p>"),
]
"""
PAGE = "/posts/harbour/"
TOLD = re.compile(r"Words of change (\d+)\.")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    with tempfile.TemporaryDirectory(prefix="blogsite-stale-files-") as folder:
        site = Site(Path(folder))
        try:
            stale, refused, asked = trial(site, rounds)
        finally:
            site.stop()
    print(f"{rounds} changes; others were given {asked[True]} files and {asked[False]} other answers")
    if refused:
        print(f"{len(refused)} times the site was not available, after the changes {sorted(set(refused))[:10]}")
    if stale or asked[True] < rounds:
        sys.exit(f"FAILED: {len(stale)} changes were not told at once: {stale[:10]}")
    print("ok: after each change nginx gave no page of before it")


def trial(site: Site, rounds: int) -> tuple[list[str], list[int], Counter[bool]]:
    """What was answered after a change without telling it; which were refused; how often others were given files."""
    site.writer.does(BEGIN)
    stop, refused, asked = threading.Event(), list[int](), Counter[bool]()

    def read() -> None:
        while not stop.is_set():
            asked[site.ask(PAGE).is_file] += 1

    readers = [threading.Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        stale = [wrong for number in range(rounds) if (wrong := told_instead(site, number, refused))]
        return stale, refused, asked
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def told_instead(site: Site, number: int, refused: list[int]) -> str:
    """What nginx answers after a change, if that does not tell of it: of which it tells, and from where.

    An answer that the site is not available tells nothing wrong: it is noted, and asked for again.
    """
    words = f"Words of change {number}."
    site.writer.does(f"changes[{number % 3}]({words!r})")
    answer = site.ask(PAGE)
    while answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
        refused.append(number)
        answer = site.ask(PAGE)
    if words.encode() in answer.body:
        return ""
    told = sorted(set(TOLD.findall(answer.body.decode())), key=int)
    return f"{number}: {answer.status} {answer.headers.get('x-cache')}, which tells of {', '.join(told)}"


if __name__ == "__main__":
    main()
