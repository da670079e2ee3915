"""Many writers at the same time: none waits for ever or is refused, and all that they wrote is listed and counted."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from posts import lists
from posts.lists.counts import number_in
from posts.lists.filling import Differences
from posts.models import Category, Listing, Post, Tag, TaggedPost, Tally
from tests.factories import make_author, make_category, make_post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite lets one write at a time"),
]
WRITERS = 8
ROUNDS = 6


def alone(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def at_once(*works: Callable[[], None]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(alone, work) for work in works]:
            done.result(timeout=120)


def assert_true() -> None:
    assert lists.differences() == Differences(0, 0, 0, 0)


def test_writers_of_the_same_subjects_in_reversed_orders_do_not_wait_in_a_circle():
    author, categories = make_author(), [make_category() for _ in range(3)]
    tags = [Tag.objects.create(name=f"tag {number}") for number in range(3)]

    def write(number: int) -> None:
        step = 1 if number % 2 else -1
        for _ in range(ROUNDS):
            with transaction.atomic():
                for category, tag in list(zip(categories, tags, strict=True))[::step]:
                    make_post(author=author, categories=[category], tags=[tag.name])

    at_once(*(partial(write, number) for number in range(WRITERS)))
    assert number_in(Listing.Kind.SITE, 0) == WRITERS * ROUNDS * len(tags)
    assert number_in(Listing.Kind.TAG, tags[0].pk) == WRITERS * ROUNDS
    assert not Tally.objects.filter(kind=Listing.Kind.SITE)[1:].exists(), "each commit folds what was added"
    assert_true()


def test_a_post_and_what_it_is_linked_with_may_change_at_once():
    """Whoever links a draft, while another publishes it, sees it published, or is seen."""
    tags = [Tag.objects.create(name=f"tag {number}") for number in range(3)]
    category, author = make_category(), make_author()
    posts = [make_post(status="draft") for _ in range(10)]

    def publish(post: Post) -> None:
        Post.objects.filter(pk=post.pk).update(status="published")

    def link(post: Post) -> None:
        with transaction.atomic():
            TaggedPost.objects.bulk_create(TaggedPost(content_object=post, tag=tag) for tag in tags)
            post.categories.add(category)
            post.co_authors.add(author)

    for post in posts:
        at_once(partial(publish, post), partial(link, post))
    assert number_in(Listing.Kind.CATEGORY, category.pk) == len(posts)
    assert_true()


def test_categories_are_moved_while_posts_are_written():
    tops = [make_category(f"top {number}") for number in range(2)]
    middle = make_category("middle", parent=tops[0])
    lowest = make_category("lowest", parent=middle)

    def write(_: int) -> None:
        for _round in range(ROUNDS):
            make_post(categories=[lowest])

    def move(seed: int) -> None:
        chance = random.Random(seed)
        for _round in range(ROUNDS):
            Category.objects.filter(pk=middle.pk).update(parent=chance.choice(tops))

    at_once(*(partial(write, number) for number in range(5)), *(partial(move, seed) for seed in range(2)))
    assert number_in(Listing.Kind.CATEGORY, middle.pk) == 5 * ROUNDS
    assert_true()


def test_a_number_is_right_before_and_after_others_commit():
    tag = Tag.objects.create(name="bread")
    make_post(tags=["bread"])
    with transaction.atomic():
        make_post(tags=["bread"])
        assert number_in(Listing.Kind.TAG, tag.pk) == 2
        at_once(partial(make_post, tags=["bread"]))
        assert number_in(Listing.Kind.TAG, tag.pk) == 3
        transaction.set_rollback(True)
    assert number_in(Listing.Kind.TAG, tag.pk) == 2
    assert_true()
