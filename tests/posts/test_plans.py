"""The ways from page to page go by indexes: asked of the database itself, on whichever engine it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Category, Post, RelatedPost, Tag, TaggedPost
from posts.ways import tagging
from posts.ways.around import around
from tests.costs import analyze, explained
from tests.factories import make_author, make_category, make_series

NUMBER = 5_000
EACH = 250


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="class")
def site(rows_of_class) -> None:
    """Posts an hour apart, all in one category and with one tag; a few in another, with another tag, in a series."""
    author, series = make_author(), make_series("Rare")
    begin = timezone.now() - timedelta(minutes=1)
    posts = Post.objects.bulk_create(
        Post(
            title="Post",
            slug=f"post-{number}",
            author=author,
            status="published",
            publish_at=begin - timedelta(hours=number),
            series=None if number % EACH else series,
            series_position=None if number % EACH else number,
        )
        for number in range(NUMBER)
    )
    common, rare = make_category("Common"), make_category("Rare")
    tags = [Tag.objects.create(name=name) for name in ("Common", "Rare")]
    for category, tag, chosen in ((common, tags[0], posts), (rare, tags[1], posts[::EACH])):
        links = Post.categories.through
        links.objects.bulk_create(links(post=post, category=category) for post in chosen)
        TaggedPost.objects.bulk_create(TaggedPost(content_object=post, tag=tag) for post in chosen)
    pairs = [(posts[0], other) for other in posts[1:21]]
    RelatedPost.objects.bulk_create(RelatedPost(post=post, other=other, score=1) for post, other in pairs)
    # Once for all tests of the class: at the end of each, what is left for the commit would be done and undone.
    connection.check_constraints()
    analyze()


# How SQLite and PostgreSQL say that they go through the table itself, and not an index.
READS_ALL = re.compile(r"SCAN (posts_post|[TU]\d+)$|Seq Scan on posts_post\b", re.MULTILINE)


def assert_reads_few(work) -> str:
    """That no query of this work goes through all posts; all plans in one text."""
    with CaptureQueriesContext(connection) as captured:
        work()
    plans = [(query["sql"], explained(query["sql"])) for query in captured if '"posts_post"' in query["sql"]]
    assert plans
    for sql, plan in plans:
        assert not READS_ALL.search(plan), f"{sql}\n{plan}"
    return "\n".join(plan for _sql, plan in plans)


def middle() -> Post:
    return Post.objects.get(slug="post-2500")


@pytest.mark.usefixtures("site")
class TestOnALargeSite:
    def test_neighbours_are_found_beside_a_post(self):
        post = middle()
        category = Category.objects.get(slug="common")
        plan = assert_reads_few(lambda: around(post, category, "en"))
        assert "TEMP B-TREE" not in plan

    def test_the_parts_of_a_series_are_found_by_its_order(self):
        plan = assert_reads_few(lambda: around(middle(), None, "en"))
        assert "series" in plan

    def test_related_posts_are_found_by_theirs(self):
        post = Post.objects.get(slug="post-0")
        plan = assert_reads_few(lambda: around(post, None, "en"))
        assert "posts_relatedpost" in plan or "related_" in plan

    def test_tags_of_a_page_are_found_by_the_alphabet(self):
        Tag.objects.bulk_create(Tag(name=f"t{number}", key=f"t{number}", slug=f"t{number}") for number in range(1000))
        page = tagging.page_of_tags("")
        assert [(tag.name, tag.count) for tag in page.tags] == [("Common", NUMBER), ("Rare", NUMBER // EACH)]
