"""`kill -9` to the whole server while readers write, 20 times: what was thanked for is there, once."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from http.client import HTTPException
from itertools import count

from comments.models import Comment
from tests.factories import make_post

from . import trial
from .trial import Server, check

ROUNDS = 20
READERS = 8


def main() -> None:
    with trial.site(comment_policy="open", comment_rate_per_address=1000, comment_rate_per_post=10_000):
        posts = [make_post(f"Post {number}", slug=f"post-{number}") for number in range(3)]
        thanked: dict[str, int] = {}
        for turn in range(ROUNDS):
            thanked |= write_until_it_dies(posts, turn)
        print(f"{len(thanked)} comments were thanked for, {Comment.all_objects.count()} are stored")
        stored = Counter(Comment.all_objects.values_list("body", flat=True))
        check(set(stored.values()) == {1}, "nothing is stored twice")
        numbers = dict(Comment.all_objects.values_list("body", "pk"))
        check(all(numbers.get(words) == pk for words, pk in thanked.items()), "whatever was thanked for is there")
        trial.check_database()


def write_until_it_dies(posts: list, turn: int) -> dict[str, int]:
    """The comments that the server thanked for, by their words."""
    server = Server()
    thanked: dict[str, int] = {}

    def write(reader: int) -> None:
        for number in count():
            words = f"Reader {reader} writes number {number} in turn {turn}."
            try:
                answer = server.write(posts[number % len(posts)], words, f"198.51.100.{reader}")
            except (OSError, HTTPException):
                return
            if answer.status == 302:
                thanked[words] = trial.number_of(answer)

    readers = [threading.Thread(target=write, args=[reader]) for reader in range(READERS)]
    for reader in readers:
        reader.start()
    time.sleep(random.uniform(0.3, 1.5))
    server.kill()
    for reader in readers:
        reader.join()
    return thanked


if __name__ == "__main__":
    main()
