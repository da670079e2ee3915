"""Tags are merged while others write: nobody waits in a circle."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from posts.merging import merge_tags
from posts.models import Post, Tag
from tests.factories import make_post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one write at a time"),
]
SECONDS_TO_COME_TO_A_LOCK = 0.7


def alone(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def test_a_post_is_saved_with_other_tags_while_its_tag_is_merged():
    posts = [make_post(tags=["py"]) for _ in range(3)]
    kept, gone = Tag.objects.create(name="python"), Tag.objects.get(name="py")
    holds, waits = Event(), Event()

    def save() -> None:
        with transaction.atomic():
            Post.objects.filter(pk=posts[1].pk).update(title="Held")
            holds.set()
            waits.wait(SECONDS_TO_COME_TO_A_LOCK)
            posts[1].tags.set(["bread"])

    def merge() -> None:
        holds.wait(60)
        merge_tags(kept, [gone])

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(alone, save), pool.submit(alone, merge)]:
            done.result(timeout=120)
    assert set(posts[0].tags.names()) == set(posts[2].tags.names()) == {"python"}
    assert set(posts[1].tags.names()) == {"bread"}


def test_two_merges_at_once_have_posts_in_common():
    posts = [make_post(tags=["py", "python3", "go"]) for _ in range(20)]
    kept, other = Tag.objects.create(name="python"), Tag.objects.create(name="golang")
    stories = [
        lambda: merge_tags(kept, Tag.objects.filter(name__in=["py", "python3"])),
        lambda: merge_tags(other, Tag.objects.filter(name="go")),
    ]

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(alone, story) for story in stories]:
            done.result(timeout=120)
    assert {name for post in posts for name in post.tags.names()} == {"python", "golang"}
