"""The desk's lists go by indexes, whatever tab, month or search: asked of the database itself, on either engine."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.managers import CommentQuerySet
from comments.models import Comment
from posts.managers import TrashQuerySet
from posts.models import Post, SearchDocument
from posts.models.search import describe
from tests.costs import analyze, explained
from tests.factories import make_author, make_staff

NUMBER = 600
POSTS, COMMENTS = "/admin/posts/post/", "/admin/comments/comment/"

# How SQLite and PostgreSQL say that they go through all posts or comments, and not along an index.
READS_ALL = re.compile(
    r"SCAN (posts_post|comments_comment|[TU]\d+)$|Seq Scan on (posts_post|comments_comment)\b", re.MULTILINE
)
SORTS = re.compile(r"TEMP B-TREE FOR ORDER BY|(?<!Incremental )Sort\b")


def state_of(number: int) -> dict:
    now = timezone.now()
    others = {
        1: {"status": "draft", "publish_at": None},
        2: {"publish_at": now + timedelta(hours=number)},
        3: {"unpublish_at": now - timedelta(minutes=1)},
        4: {"deleted_at": now},
    }
    return {"status": "published", "publish_at": now - timedelta(hours=number), **others.get(number % 20, {})}


@pytest.fixture
def chief(db, client):
    """Whoever sees all of a large site, written past what is not looked at here: rendering, counts and places."""
    author = make_author()
    posts = Post.objects.bulk_create(
        Post(title=f"Post {number}", slug=f"post-{number}", author=author, **state_of(number))
        for number in range(1, NUMBER + 1)
    )
    SearchDocument.objects.bulk_create(describe(post, "en") for post in posts)
    comments = (
        Comment(
            post=posts[number],
            author_name="Ada",
            email="ada@example.org",
            body="Hm.",
            status=("approved", "pending", "spam")[number % 3],
            created_at=timezone.now() - timedelta(minutes=number),
        )
        for number in range(NUMBER)
    )
    TrashQuerySet.bulk_create(CommentQuerySet(Comment), comments)
    analyze()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Of so few rows it would read all at once: what is asked is whether it could do without.
            cursor.execute("SET LOCAL enable_seqscan = off")
    client.force_login(make_staff(is_superuser=True))
    return client


def plans(client, address: str) -> dict[str, str]:
    """For each query about posts or comments that a page makes, how the database says that it finds them."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, address
    queries = [query["sql"] for query in captured if re.search(r'FROM "(posts_post|comments_comment)"', query["sql"])]
    return {sql: explained(sql) for sql in queries}


LISTS = [
    POSTS,
    *(f"{POSTS}?state={state}" for state in ("draft", "scheduled", "published", "expired", "trash")),
    f"{POSTS}?p=3",
    f"{POSTS}?publish_at__year={timezone.now().year}&publish_at__month={timezone.now().month}",
    *(f"{COMMENTS}?show={tab}" for tab in ("", "approved", "spam", "all")),
    "/admin/",
]


def test_a_list_reads_no_more_than_it_shows(chief):
    for address in LISTS:
        found = plans(chief, address)
        assert found, address
        for sql, plan in found.items():
            assert not READS_ALL.search(plan), f"{address}\n{sql}\n{plan}"
            if "LIMIT 50" in sql:
                assert not SORTS.search(plan), f"{address}\n{sql}\n{plan}"


def test_a_long_list_of_one_author_is_walked_in_its_order(chief, monkeypatch):
    for module in ("counting", "post_list"):
        monkeypatch.setattr(f"posts.admin.{module}.LISTED", 100)
    found = plans(chief, f"{POSTS}?by={Post.objects.first().author_id}&p=2")
    [(sql, plan)] = [(sql, plan) for sql, plan in found.items() if "LIMIT 50" in sql]
    assert not SORTS.search(plan), f"{sql}\n{plan}"


def test_a_search_goes_by_an_index(chief):
    for address in (f"{POSTS}?q=post", f"{POSTS}?q=post-17", f"{COMMENTS}?show=all&q=ada@example.org"):
        for sql, plan in plans(chief, address).items():
            assert not READS_ALL.search(plan), f"{address}\n{sql}\n{plan}"


def test_a_search_of_comments_reads_the_newest_in_their_order(chief, monkeypatch):
    """And not all of them, to ask afterwards which are among the newest."""
    monkeypatch.setattr("comments.admin.queue.SEARCHED", 20)
    found = {sql: plan for sql, plan in plans(chief, f"{COMMENTS}?show=all&q=hm").items() if "is_found" in sql}
    assert found
    for sql, plan in found.items():
        assert not READS_ALL.search(plan), f"{sql}\n{plan}"
        assert not SORTS.search(plan), f"{sql}\n{plan}"
