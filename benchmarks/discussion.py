"""What a long discussion costs: a post with few comments, one with many, and one whose many replies are to one comment.

Run it with `python -m benchmarks.discussion`. It builds a database of its own, as `benchmarks.pages` does.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from .pages import BODY, database, measure  # sets Django up

# isort: split

from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from comments import verbs
from comments.discussion import address_of
from comments.evidence import Visit
from comments.models import Comment
from comments.receiving import receive
from posts.models import Author, Post, SiteSettings

FEW, MANY = 50, 5_000
REPEATS = 10
WORDS = "Some *ordinary* words of a reader. " * 5


def discussed(title: str, number: int, *, in_one_thread: bool = False) -> Post:
    """A post with that many comments, a minute apart: every second one in reply to the one before, or all to one."""
    author, _ = Author.objects.get_or_create(display_name="Ada")
    post = Post.objects.create(
        title=title, body=BODY, author=author, status="published", publish_at=timezone.now() - timedelta(days=30)
    )
    begin = timezone.now() - timedelta(days=20)

    def written(count: int, parents: list[Comment | None]) -> list[Comment]:
        return Comment.objects.bulk_create(
            [
                Comment(
                    post=post,
                    parent=parents[index % len(parents)],
                    author_name=f"Reader {index % 200}",
                    email=f"reader{index % 200}@example.org",
                    body=f"{WORDS}{index}.",
                    status="approved",
                    created_at=begin + timedelta(minutes=index),
                )
                for index in range(count)
            ],
            batch_size=500,
        )

    tops = written(1 if in_one_thread else number // 2, [None])
    written(number - len(tops), list(tops))
    return post


def addresses(post: Post) -> dict[str, str]:
    """Where the discussion is read, page by page."""
    last = Comment.objects.filter(post=post).latest("created_at", "pk")
    place = address_of(last, SiteSettings.load()).partition("#")[0]
    return {
        "the post": post.get_absolute_url(),
        "the page of the last comment": place,
        "the feed": f"{post.get_absolute_url()}comments/feed/",
    }


def fastest(action: Callable[[], object]) -> float:
    """The least time of an action in milliseconds; whatever it has changed is taken back."""
    times = []
    for _ in range(REPEATS):
        with transaction.atomic():
            start = time.perf_counter()
            action()
            times.append(1000 * (time.perf_counter() - start))
            transaction.set_rollback(True)
    return min(times)


def actions(post: Post) -> dict[str, Callable[[], object]]:
    """What is done to a discussion, each as one call."""
    last = Comment.objects.filter(post=post).latest("created_at", "pk")
    site = SiteSettings.load()

    def write(parent: Comment | None) -> Comment:
        comment = Comment(post=post, parent=parent, author_name="Ben", body="A thought of my own.")
        return receive(comment, Visit(), site)

    def decide() -> None:
        mine = Comment.objects.filter(pk=last.pk)
        verbs.hold(mine)
        verbs.approve(mine)

    return {
        "the way to the last comment": lambda: address_of(last, site),
        "to write a comment": lambda: write(None),
        "to write a reply": lambda: write(last),
        "to hold one and approve it": decide,
    }


def main() -> None:
    with database():
        posts = [
            discussed("Few", FEW),
            discussed("Many", MANY),
            discussed("One thread", MANY, in_one_thread=True),
        ]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        sizes = f"{FEW} comments, {MANY:,} comments, {MANY:,} in one conversation"
        print(f"\n{connection.vendor}, posts with {sizes}; the fastest answers, one at a time\n")
        print(f"{'page':32}{'queries':>14}{'kB':>20}{'ms':>22}{'ratios':>14}")
        read = [
            {name: (*measure(address), size_of(address)) for name, address in addresses(post).items()} for post in posts
        ]
        for name in read[0]:
            queries, times, sizes_of_pages = zip(*(page[name] for page in read), strict=True)
            print(f"{name:32}{listed(queries):>14}{listed(sizes_of_pages):>20}{row(times)}")
        print()
        done = [{name: fastest(action) for name, action in actions(post).items()} for post in posts]
        for name in done[0]:
            print(f"{name:66}{row([each[name] for each in done])}")


def size_of(address: str) -> int:
    """In kilobytes, before any compression."""
    return len(Client(SERVER_NAME="localhost").get(address).content) // 1000


def listed(numbers: Iterable[object]) -> str:
    return " / ".join(map(str, numbers))


def row(times: Sequence[float]) -> str:
    """Milliseconds, and how often the first number goes into the others."""
    few, *others = times
    return f"{listed(f'{number:.1f}' for number in times):>22}{listed(f'{number / few:.1f}' for number in others):>14}"


if __name__ == "__main__":
    main()
