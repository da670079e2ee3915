"""200 comments from 20 addresses at once, some sent twice, while five honest readers write from elsewhere."""

from __future__ import annotations

import random
import time
from collections import Counter

from comments.models import Comment
from tests.factories import make_post

from . import trial
from .trial import Server, check

ADDRESSES = [f"198.51.100.{number}" for number in range(1, 21)]
HONEST = [f"203.0.113.{number}" for number in range(1, 6)]
ALLOWED = 6
"""From one address in ten minutes."""


def sent() -> list[tuple[str, str]]:
    """Address and words: eight texts from each address, two of them sent twice; and one from each honest reader."""
    flood = [(address, f"{address} says {number % 8}.") for address in ADDRESSES for number in range(10)]
    everything = flood + [(address, f"{address} has a thought.") for address in HONEST]
    random.shuffle(everything)
    return everything


def main() -> None:
    with trial.site(comment_policy="open", comment_rate_per_address=ALLOWED, comment_rate_per_post=1000):
        posts = [make_post(f"Post {number}", slug=f"post-{number}") for number in range(4)]
        server = Server()
        try:
            flood(server, posts)
        finally:
            server.stop()
        trial.check_database()


def flood(server: Server, posts: list) -> None:
    requests = sent()
    start = time.perf_counter()
    answers = trial.at_once(lambda each: server.write(posts[sum(map(ord, each[1])) % 4], each[1], each[0]), requests)
    seconds = time.perf_counter() - start
    statuses = Counter(answer.status for answer in answers)
    print(f"{len(requests)} comments in {seconds:.1f} s; answers {dict(statuses)}")

    check(set(statuses) <= {302, 429}, "every answer is a thank-you or a 429")
    refused = [answer for answer in answers if answer.status == 429]
    check(all(1 <= int(answer.headers["retry-after"]) <= 600 for answer in refused), "each 429 says when to try again")
    taken = {
        words: trial.number_of(answer)
        for (_, words), answer in zip(requests, answers, strict=True)
        if answer.status == 302
    }
    stored = {comment.body: comment.pk for comment in Comment.all_objects.all()}
    check(len(stored) == Comment.all_objects.count(), "nothing is stored twice")
    check(taken == stored, f"the {len(stored)} comments that were thanked for are those that are stored")
    numbers = Counter(words.split()[0] for words in stored)
    check(all(numbers[address] == ALLOWED for address in ADDRESSES), f"each address got {ALLOWED} in, and no more")
    check(all(numbers[address] == 1 for address in HONEST), "the honest readers got in")


if __name__ == "__main__":
    main()
