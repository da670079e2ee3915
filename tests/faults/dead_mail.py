"""Writing a comment while the mail server works, is gone, or takes the connection and says nothing."""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

from comments.models import Comment, Notice
from posts.models import Post
from tests.factories import make_post, make_staff

from . import trial
from .trial import Server, check

WRITTEN = 30


def main() -> None:
    with trial.site(comment_policy="hold_all", comment_rate_per_address=1000, comment_rate_per_post=10_000):
        make_staff("moderator", is_superuser=True, email="moderator@example.org")
        post = make_post("Post", slug="post")
        dead = socket.socket()
        dead.bind(("127.0.0.1", 0))
        times = {"mail goes nowhere": measured(post, "dummymail://")}
        times["no mail server"] = measured(post, f"smtp://127.0.0.1:{dead.getsockname()[1]}")
        with silent_server() as port:
            times["a silent mail server"] = measured(post, f"smtp://127.0.0.1:{port}")
        dead.close()
        for name, milliseconds in times.items():
            print(f"{name:24}{statistics.median(milliseconds):8.0f} ms{max(milliseconds):8.0f} ms at most")
        check(Comment.objects.count() == 3 * WRITTEN, "every comment was taken in")
        told = Notice.objects.filter(comment__isnull=False).values("comment").distinct().count()
        check(told == 3 * WRITTEN, "a moderator is or will be told of each")
        usual = statistics.median(times["mail goes nowhere"])
        check(all(max(each) < 10 * usual + 1000 for each in times.values()), "no mail server held anybody up")


def measured(post: Post, mail: str) -> list[float]:
    """How long each of some comments took, in milliseconds."""
    server = Server(EMAIL_URL=mail, LOG_LEVEL="ERROR")
    times = []
    try:
        for number in range(WRITTEN):
            start = time.perf_counter()
            answer = server.write(post, f"Number {number} by {mail}.", "198.51.100.7")
            times.append(1000 * (time.perf_counter() - start))
            if answer.status != 302:
                check(False, f"a comment was answered with {answer.status}")
    finally:
        server.stop()
    return times


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        yield listening.getsockname()[1]


if __name__ == "__main__":
    main()
