"""What the public pages cost at 100 and at 10,000 posts: queries, milliseconds, and how the two sizes compare.

Run it with `python -m benchmarks.pages`. It builds a database of its own, on the engine that DATABASE_URL names, and
drops it again.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Author, Category, Post, Tag, TaggedPost
from posts.models.written import RENDERED_FIELDS
from posts.pagination import Position

SIZES = (100, 10_000)
REPEATS = 30
BODY = "## A heading\n\n" + "A paragraph with *some* words and a [link](https://example.org/). " * 40


@contextmanager
def database() -> Iterator[None]:
    """A database that is gone afterwards; for SQLite a file, as a site has one, and not the memory that tests use."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "benchmark.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def grow(size: int) -> None:
    """Bring the site to `size` posts, an hour apart, all in one category. Rendering is not what is measured."""
    author, _ = Author.objects.get_or_create(display_name="Ada")
    category, _ = Category.objects.get_or_create(name="Kitchen")
    rendered = Post(body=BODY)
    rendered.render()
    common = {name: getattr(rendered, name) for name in ("body", *RENDERED_FIELDS)}
    common |= {"author": author, "status": Post.Status.PUBLISHED}
    now = timezone.now()
    posts = Post.objects.bulk_create(
        [
            Post(title=f"Post {number}", slug=f"post-{number}", publish_at=now - timedelta(hours=number), **common)
            for number in range(Post.objects.count() + 1, size + 1)
        ],
        batch_size=500,
    )
    links = Post.categories.through
    links.objects.bulk_create([links(post=post, category=category) for post in posts], batch_size=500)
    tag_all(posts)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def tag_all(posts: list[Post]) -> None:
    """One tag for all of them, one for each hundredth, and one of their own for every ten."""
    common, rare = (Tag.objects.get_or_create(key=name, defaults={"name": name})[0] for name in ("common", "rare"))
    links = [TaggedPost(content_object=post, tag=common) for post in posts]
    links += [TaggedPost(content_object=post, tag=rare) for post in posts[::100]]
    for number, post in enumerate(posts):
        if number % 10 == 0:
            tag = Tag.objects.create(name=f"tag {post.pk}")
        links.append(TaggedPost(content_object=post, tag=tag))
    TaggedPost.objects.bulk_create(links, batch_size=500)


def pages() -> dict[str, str]:
    """Name and address of each page; the deep one is nine tenths of the way down the archive."""
    deep = Post.objects.order_by("-publish_at")[Post.objects.count() * 9 // 10]
    return {
        "home": "/",
        "home, deep in the archive": f"/?before={Position.of(deep)}",
        "post": Post.objects.latest().get_absolute_url(),
        "category": "/category/kitchen/",
        "tag of all": "/tag/common/",
        "rare tag": "/tag/rare/",
        "two tags": "/tag/common+rare/",
        "all tags": "/tags/",
        "author": "/author/ada/",
        "archive": "/archive/",
        "month": f"/{deep.publish_at:%Y/%m}/",
        "feed": "/feed/",
    }


def measure(address: str) -> tuple[int, float]:
    """Queries, and the time of the fastest request in milliseconds: the least disturbed by the rest of the machine."""
    client, times = Client(SERVER_NAME="localhost"), []
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
        queries = len(captured)
    if response.status_code != 200:
        sys.exit(f"{address} answered {response.status_code}")
    for _ in range(REPEATS):
        start = time.perf_counter()
        client.get(address)
        times.append(1000 * (time.perf_counter() - start))
    return queries, min(times)


def main() -> None:
    results = []
    with database():
        for size in SIZES:
            grow(size)
            results.append({name: measure(address) for name, address in pages().items()})
    few, many = results
    print(f"{connection.vendor}, {SIZES[0]} and {SIZES[1]:,} posts, the fastest of {REPEATS} requests, one at a time\n")
    print(f"{'page':28}{'queries':>12}{'ms':>16}{'ratio':>8}{'requests/s':>13}")
    for name, (queries, milliseconds) in few.items():
        more_queries, more = many[name]
        print(
            f"{name:28}{queries:>7} → {more_queries:<3}{milliseconds:>8.1f} → {more:<6.1f}"
            f"{more / milliseconds:>6.2f}{1000 / more:>12.0f}"
        )


if __name__ == "__main__":
    main()
