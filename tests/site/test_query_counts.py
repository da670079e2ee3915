"""Cost is flat: a page asks the database as often for many rows as for few."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment
from comments.pages import place_of
from posts.models import Author, Category, MenuItem, Post, Series, SiteSettings
from posts.state import Kept
from posts.ways import related
from tests.commits import as_if_committed
from tests.costs import queries_of
from tests.factories import (
    make_author,
    make_category,
    make_comment,
    make_image,
    make_page,
    make_post,
    make_series,
    make_staff,
)


def populate(number: int, prefix: str) -> None:
    """`number` posts in the category, series and tag that each page of the test shows, with authors of their own."""
    category = Category.objects.filter(slug="kitchen").first() or make_category("Kitchen")
    series = Series.objects.filter(slug="baking").first() or make_series("Baking")
    for index in range(number):
        make_category(f"Child {prefix}{index}", parent=category)
        MenuItem.objects.create(page=make_page(f"Page {prefix}{index}"), place=["header", "footer"][index % 2])
        other = make_category(f"Other {prefix}{index}")
        post = make_post(
            f"Post {prefix}{index}",
            author=make_author(bio="Bakes.", picture=make_image()),
            categories=[category, other],
            series=series,
            tags=["bread", "salt", f"tag {prefix}{index}"],
            cover=make_image(),
            pinned=index == 0,
            publish_at=timezone.now() - timedelta(hours=index + 1),
        )
        post.co_authors.add(make_author())
        make_post(
            f"Old {prefix}{index}",
            author=Author.objects.filter(slug="ada").first() or make_author("Ada"),
            categories=[Category.objects.get(name=f"Child {prefix}{index}")],
            tags=["rye", "salt"],
            publish_at=datetime(2020, 2, 1 + index, tzinfo=UTC),
        )
        for comment in range(index + 1):
            Comment.objects.create(
                post=post, author_name="Ben", email="ben@example.org", body=f"Yes, {comment}.", status="approved"
            )
    related.refresh(*Post.objects.all())


PAGES = {
    "/": 6,
    "/category/kitchen/": 6,
    "/tag/bread/": 6,
    "/tag/bread+salt/": 6,
    "/tags/": 6,
    "/author/ada/": 6,
    "/authors/": 6,
    "/series/baking/": 6,
    "/2020/": 6,
    "/2020/02/": 6,
    "/archive/": 6,
    "/search/?q=paragraph": 5,
    "/search/instant/?q=paragraph": 5,
    "/search/suggestions/?q=paragraph": 5,
    "/sitemap.xml": 5,
    "/feed/": 6,
    "/feed/atom/": 6,
    "/feed/json/": 6,
    "/feeds/": 6,
    "/category/kitchen/feed/": 6,
    "/tag/bread/feed/": 6,
    "/series/baking/feed/": 6,
    "/comments/feed/": 6,
    "/posts/post-a0/comments/feed/": 6,
    "/posts/post-a0/": 6,
    "/posts/old-a0/": 6,
}


@pytest.fixture
def settled(monkeypatch) -> None:
    """Settings and menus as a process has them that serves; in the transaction of a test they are read each time."""
    found: dict[Kept, Any] = {}

    def get(kept: Kept, request: Any) -> Any:
        if kept not in found:
            found[kept] = kept._load()
        return found[kept]

    monkeypatch.setattr(Kept, "get", get)


@pytest.mark.django_db
@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("address", PAGES)
def test_many_rows_cost_what_few_cost(address, client):
    populate(2, "a")
    as_if_committed()
    few = queries_of(client, address)
    populate(12, "b")
    as_if_committed()
    many = queries_of(client, address)
    assert many <= few, f"{address}: {few} queries became {many}"
    assert many <= PAGES[address], f"{address}: {many} queries"


def discuss(post: Post, number: int, top: Comment | None = None) -> None:
    """That many conversations, or replies to one: each by an account, with a reply below what a moderator removed."""
    for index in range(number):
        first = make_comment(post, email=f"reader{index}@example.org", user=make_staff(), parent=top)
        removed = make_comment(post, parent=first, status="spam")
        make_comment(post, parent=removed, email=f"other{index}@example.org", website="https://example.org")


DISCUSSION = {
    "/posts/discussed/": 6,
    "/posts/discussed/comments/?after={place}": 6,
    "/posts/discussed/comments/{top}/thread/": 6,
    "/posts/discussed/comments/feed/": 6,
    "/comments/feed/": 6,
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", DISCUSSION)
def test_many_comments_cost_what_few_cost(address, client):
    post = make_post("Discussed")
    discuss(post, 2)
    top = post.comments.earliest("pk")
    page = address.format(top=top.pk, place=place_of(top))
    few = queries_of(client, page)
    discuss(post, 10)
    discuss(post, 10, top)
    many = queries_of(client, page)
    assert many <= few, f"{page}: {few} queries became {many}"
    assert many <= DISCUSSION[address], f"{page}: {many} queries"


@pytest.mark.django_db
def test_the_way_to_a_comment_is_as_short_among_many(client):
    post = make_post("Discussed")
    discuss(post, 1)
    SiteSettings.objects.update_or_create(pk=1, defaults={"comment_threads_per_page": 3})
    numbers = []
    for _ in range(2):
        last = post.comments.filter(status="approved").latest("pk")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/posts/discussed/comments/{last.pk}/").status_code == 302
        numbers.append(len(queries))
        discuss(post, 10)
    assert numbers[1] <= numbers[0] + 1, "one more asks where the page before begins"


@pytest.mark.django_db
def test_a_picture_of_a_reader_costs_no_query(client):
    post = make_post("Discussed")
    discuss(post, 1)
    [picture, *_] = re.findall(r"/avatars/\w+\.svg", client.get("/posts/discussed/").content.decode())
    assert queries_of(client, picture) == 0
