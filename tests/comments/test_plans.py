"""Long discussions are read by their indexes: asked of the database itself, on whichever engine it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import pages
from comments.discussion import address_of
from comments.managers import CommentQuerySet
from comments.models import Comment
from posts.managers import TrashQuerySet
from posts.models import Post, SiteSettings
from tests.commits import as_if_committed, as_if_long_ago
from tests.costs import analyze, explained
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

NUMBER = 20_000
POSTS = 20


@pytest.fixture(scope="class")
def posts(rows_of_class) -> list[Post]:
    """Twenty posts with a thousand comments each, in conversations of four. A tenth of them waits.

    Written past the promises of the manager, which are not what is looked at here.
    """
    posts = [make_post() for _ in range(POSTS)]
    begin = timezone.now() - timedelta(days=30)
    rows = [
        Comment(
            pk=number,
            post=posts[number % POSTS],
            thread_id=None if (number - 1) // POSTS % 4 == 0 else number - (number - 1) // POSTS % 4 * POSTS,
            author_name="Ada",
            body="Hm.",
            body_html="<p>Hm.</p>",
            status="pending" if number // POSTS % 10 == 3 else "approved",
            stands=number // POSTS % 10 != 3,
            created_at=begin + timedelta(minutes=number),
        )
        for number in range(1, NUMBER + 1)
    ]
    TrashQuerySet.bulk_create(CommentQuerySet(Comment), rows, batch_size=1000)
    Post.all_objects.update(comment_count=NUMBER // POSTS)
    # What waits for the commit is done once, and not at the end of each test, to be undone with it. Not in a savepoint:
    # there PostgreSQL would count each comment anew. `as_if_long_ago` writes in one, so that tests can count again.
    connection.check_constraints()
    as_if_long_ago()
    analyze()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # As on the disks of today: the table is small here, and would be read whole to be spared a hundred jumps.
            cursor.execute("SET LOCAL random_page_cost = 1.1")
    return posts


# How SQLite and PostgreSQL say that they go through the table itself, and not an index.
READS_ALL = re.compile(r"SCAN (comments_comment|[TU]\d+)$|Seq Scan on comments_comment", re.MULTILINE)
# What counts up to a limit stops there, by whichever way: one list, or several in one query.
BOUNDED_COUNT = re.compile(
    r"SELECT COUNT\(\*\) FROM \(SELECT .* LIMIT \d+\) subquery$"
    r"|SELECT (\(SELECT COUNT\(\*\) FROM \(SELECT [^()]*(\([^()]*\)[^()]*)* LIMIT \d+\) AS counted\)(, |$))+$"
)


def plans(client, address: str) -> dict[str, str]:
    """For each query about comments that a page makes, what the database says about how it finds them."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, address
    queries = [query["sql"] for query in captured if 'FROM "comments_comment"' in query["sql"]]
    return {sql: explained(sql) for sql in queries if not BOUNDED_COUNT.match(sql)}


def addresses(post: Post) -> list[str]:
    """The post, the last page of its discussion, a conversation, and the feeds."""
    last = post.comments.filter(status="approved").latest("created_at", "pk")
    top = post.comments.filter(thread=None).earliest("created_at", "pk")
    page = post.get_absolute_url()
    last_page = address_of(last, SiteSettings.load()).partition("#")[0]
    return [page, last_page, f"{page}comments/{top.pk}/thread/", f"{page}comments/feed/", "/comments/feed/"]


def assert_reads_few(client, address: str) -> None:
    found = plans(client, address)
    assert found
    for sql, plan in found.items():
        assert not READS_ALL.search(plan), f"{address}\n{sql}\n{plan}"


def test_no_page_joins_comments_with_accounts(client):
    """PostgreSQL plans for a page of many comments: it would read all accounts for a join, though most have few."""
    address = make_comment(body="Hm.").post.get_absolute_url()
    found = plans(client, address)
    assert any('"auth_user"' in sql for sql in found)
    assert not [sql for sql in found if 'JOIN "auth_user"' in sql]


class TestLongDiscussions:
    def test_no_page_reads_all_comments(self, posts, client):
        for newest_first in (False, True):
            SiteSettings.objects.update_or_create(pk=1, defaults={"comments_newest_first": newest_first})
            as_if_committed()  # or the feeds are those of before
            for address in addresses(posts[3]):
                assert_reads_few(client, address)
        client.force_login(make_staff(is_superuser=True))
        for tab in ("", "?show=approved", "?show=all"):
            assert_reads_few(client, f"/admin/comments/comment/{tab}")

    def test_conversations_and_replies_are_found_by_their_indexes(self, posts):
        top = posts[3].comments.filter(thread=None).earliest("created_at", "pk")
        lines = {
            "comment_threads": pages.conversations(posts[3], SiteSettings.load()),
            "comment_of_thread": pages.replies(top.pk),
        }
        for index, line in lines.items():
            plan = line.comments.order_by("created_at", "pk").values_list("created_at", "pk")[:3].explain()
            assert index in plan, plan
