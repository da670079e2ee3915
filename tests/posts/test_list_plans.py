"""Pages of lists are ranges of an index and numbers are read off: asked of the database itself, on either engine."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts import lists
from posts.entries import page_in
from posts.feeds.page import RECENT, recent_uses
from posts.lists import counts, stretches
from posts.models import Category, Listing, Post, Tag, TaggedPost
from posts.pagination import IN_LIST, Position, stretch
from posts.subjects import with_posts
from posts.ways import archive
from tests.costs import analyze, explained
from tests.factories import make_category, make_posts

pytestmark = pytest.mark.django_db

Kind = Listing.Kind
NUMBER = 2_000
EACH = 100
SORTS = re.compile(r"TEMP B-TREE|Sort")
SCANS = re.compile(
    r"SCAN (posts_post|posts_listing|place|posts_tally|tally|[TUV]\d+)( |$)|Seq Scan on posts_(post|listing|tally)\b",
    re.MULTILINE,
)


@pytest.fixture(scope="class")
def site(rows_of_class) -> None:
    """Posts an hour apart, all in one category and with one tag; a few in another, with another tag."""
    with lists.triggers_off():
        write()
        connection.check_constraints()
    analyze()


def write() -> None:
    posts = make_posts(NUMBER)
    for name, chosen in (("Common", posts), ("Rare", posts[::EACH])):
        category, tag = make_category(name), Tag.objects.create(name=name)
        links = Post.categories.through
        links.objects.bulk_create(links(post=post, category=category) for post in chosen)
        TaggedPost.objects.bulk_create(TaggedPost(content_object=post, tag=tag) for post in chosen)
    # Most lists are short, and a planner knows no more of a list than how long they are at large.
    tags = Tag.objects.bulk_create(
        Tag(name=f"Tag {number}", slug=f"tag-{number}", key=f"tag {number}") for number in range(NUMBER)
    )
    TaggedPost.objects.bulk_create(
        TaggedPost(content_object=post, tag=tag) for post, tag in zip(posts, tags, strict=True)
    )


def steps_of(ask: Callable[[], object]) -> int:
    """How much SQLite's machine has to do, in tens of steps."""
    count = 0

    def step() -> None:
        nonlocal count
        count += 1

    # Once beforehand: SQLite reads its schema anew after a rollback, as long as new triggers are not committed.
    ask()
    connection.connection.set_progress_handler(step, 10)
    ask()
    connection.connection.set_progress_handler(None, 0)
    return count


def assert_walks(plan: str) -> None:
    """From the list to the posts, each by its id, and along no more of the list than the page."""
    if connection.vendor == "sqlite":
        assert "SEARCH place USING COVERING INDEX listing_order (kind=? AND subject=? AND publish_at<" in plan or (
            "SEARCH place USING COVERING INDEX listing_order (kind=? AND subject=? AND publish_at>" in plan
        ), plan
        assert "SEARCH posts_post USING INTEGER PRIMARY KEY (rowid=?)" in plan
    else:
        assert re.search(r"Index (Only )?Scan (Backward )?using listing_order", plan), plan
        assert "posts_post_pkey" in plan


class TestOnALongSite:
    @pytest.mark.parametrize("slug", ["common", "rare"])
    @pytest.mark.parametrize("ask", ["first", "before", "after"])
    def test_a_page_of_any_subject_is_a_range_of_its_list(self, slug, ask, site):
        category, tag = Category.objects.get(slug=slug), Tag.objects.get(slug=slug)
        position = Position.of(Post.objects.get(slug="post-100"))
        for kind, subject in ((Kind.CATEGORY, category.pk), (Kind.TAG, tag.pk), (Kind.SITE, 0)):
            posts = Post.all_objects.in_list(kind, subject)
            page = stretch(posts, ask, None if ask == "first" else position, IN_LIST).only("slug")[:10]
            plan = page.explain()
            assert len(page) == (10 if slug == "common" or kind == Kind.SITE or ask != "after" else 1)
            assert "listing_order" in plan, plan
            assert not SORTS.search(plan), plan
            assert not SCANS.search(plan), plan
            assert_walks(plan)

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL goes by all bounds, whatever their order")
    @pytest.mark.parametrize("ask", ["first", "before", "after"])
    def test_a_month_long_ago_is_walked_alone(self, ask, site):
        """Of several bounds on one column, SQLite goes by the first."""

        def steps(day: int) -> int:
            start, end = (timezone.now() - timedelta(days=number) for number in (day, day - 10))
            position = None if ask == "first" else Position(start + timedelta(days=5), 0)
            posts = Post.all_objects.in_list(Kind.SITE, 0).placed_within(start, end)
            return steps_of(lambda: list(stretch(posts, ask, position, IN_LIST).only("slug")[:10]))

        assert steps(80) <= 1.2 * steps(10)

    @pytest.mark.parametrize("days", [90, 45, 0])
    @pytest.mark.parametrize("way", ["before", "after"])
    def test_a_page_of_a_long_year_is_a_range_of_it_wherever_it_begins(self, way, days, site, rf):
        """A position that a reader has made up may lie before the period, or behind it."""
        start, end = (timezone.now() - timedelta(days=number) for number in (70, 20))
        request = rf.get("/", {way: str(Position((timezone.now() - timedelta(days=days)).astimezone(UTC), 0))})

        with CaptureQueriesContext(connection) as captured:
            page = page_in(request, 10, Kind.SITE, period=(start, end))

        assert len(page.rows) == (0 if (way, days) in {("before", 90), ("after", 0)} else 10)
        assert all(start <= entry.publish_at < end for entry in page.rows)
        plan = explained(captured[0]["sql"])
        assert "listing_order" in plan, plan
        assert not SORTS.search(plan), plan

    def test_what_has_expired_is_found_without_a_walk(self, site):
        with CaptureQueriesContext(connection) as captured:
            stretches.Tallies.within(archive.year_of(timezone.now().year))
        assert "listing_expiring" in explained(captured[0]["sql"])

    @pytest.mark.skipif(
        connection.vendor != "sqlite", reason="PostgreSQL reads a short table whole, and knows a long one"
    )
    def test_the_page_of_feeds_looks_at_recent_posts_alone(self, site):
        with CaptureQueriesContext(connection) as captured:
            uses = recent_uses()
        assert uses[Kind.TAG][Tag.objects.get(slug="common").pk] == RECENT
        plan = explained(captured[0]["sql"])
        assert "(post_id=?)" in plan, plan
        assert "listing_order" not in plan, plan

    def test_numbers_are_read_off(self, site):
        """No post is looked at, and no more places than wait or have expired."""
        with CaptureQueriesContext(connection) as captured:
            assert counts.number_in(Kind.CATEGORY, Category.objects.get(slug="common").pk) == NUMBER
            found = with_posts(Tag).annotate(count=counts.number_of(Kind.TAG)).get(slug="common")
            assert found.count == NUMBER
            months = archive.months_with_posts()
            assert sum(month.count for month in months) == NUMBER
        plans = [explained(query["sql"]) for query in captured]
        for plan in plans:
            assert not SCANS.search(plan), plan
        text = "\n".join(plans)
        assert {"tally_of_list", "listing_order", "listing_expiring"} <= set(re.findall(r"\w+", text))
