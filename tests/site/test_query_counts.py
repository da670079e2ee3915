"""Cost is flat: a page asks the database as often for many rows as for few."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment
from comments.pages import place_of
from posts import state
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
from tests.site.test_nothing_leaks import ADDRESSES


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


# What a page takes at most, that for the state of the counters included, which a page cache asks in front of it.
MOST = 6
PAGES = (
    "/",
    "/category/kitchen/",
    "/tag/bread/",
    "/tag/bread+salt/",
    "/tags/",
    "/author/ada/",
    "/authors/",
    "/series/baking/",
    "/2020/",
    "/2020/02/",
    "/archive/",
    "/search/?q=paragraph",
    "/search/?q=paragraph&category=kitchen",
    "/search/instant/?q=paragraph",
    "/search/suggestions/?q=paragraph",
    "/sitemap.xml",
    "/sitemap-posts-0.xml",
    "/sitemap-tags-0.xml",
    "/feed/",
    "/feed/atom/",
    "/feed/json/",
    "/feeds/",
    "/category/kitchen/feed/",
    "/tag/bread/feed/",
    "/series/baking/feed/",
    "/comments/feed/",
    "/posts/post-a0/comments/feed/",
    "/posts/post-a0/",
    "/posts/old-a0/",
)
MISSING = ("/nothing-here/", "/posts/pots-a0/", "/category/kitchn/", "/tag/braed/feed/")


@pytest.fixture
def settled(monkeypatch) -> None:
    """Settings and menus as a process has them that serves; in the transaction of a test they are read each time."""
    found: dict[Kept, Any] = {}

    def get(kept: Kept, request: Any) -> Any:
        state.of(request)
        if kept not in found:
            found[kept] = kept._load()
        return found[kept]

    monkeypatch.setattr(Kept, "get", get)


def costs(client: Client, addresses: Iterable[str]) -> dict[str, int]:
    """The queries of each address, when what every page has has been read."""
    client.get("/")
    return {address: queries_of(client, address) for address in addresses}


@pytest.mark.django_db
@pytest.mark.usefixtures("low_ids", "settled")
def test_many_rows_cost_what_few_cost(client):
    populate(2, "a")
    as_if_committed()
    few = costs(client, PAGES)
    populate(12, "b")
    as_if_committed()
    many = costs(client, PAGES)
    assert {address: number for address, number in many.items() if number > few[address]} == {}


# Besides what can show a post.
OTHERS = {
    "posts:security": "/.well-known/security.txt",
    "posts:sitemap": "/sitemap.xml",
    "posts:opensearch": "/opensearch.xml",
    "robots": "/robots.txt",
    "comments:avatar": "/avatars/0123456789abcdef.svg",
    "media": "/media/nothing.png",
    "shortcut": "/admin/r/1/1/",
    "healthz": "/healthz",
    "readyz": "/readyz",
    "metrics": "/metrics",
}
# For the owner of one address who has a signed link, and for a moderator; sign_out is no page.
PERSONAL = {
    "comments:own_data",
    "comments:own_data_download",
    "comments:own_data_erase",
    "comments:by_mail",
    "comments:sign_out",
}


def every_address(post: Post) -> dict[str, list[str]]:
    found = {name: make(post) for name, make in ADDRESSES.items() if make}
    return found | {name: [address] for name, address in OTHERS.items()}


@pytest.mark.django_db
@pytest.mark.usefixtures("low_ids", "settled")
def test_no_public_address_takes_more_than_six(client):
    SiteSettings(crawler_policy="markdown").save()
    populate(12, "a")
    make_page("About", slug="about")
    kitchen, baking = Category.objects.get(slug="kitchen"), Series.objects.get(slug="baking")
    post = make_post("Rye", author=make_author("Bea"), categories=[kitchen], series=baking, tags=["bread", "rye"])
    make_comment(post)
    addresses = every_address(post)
    assert set(addresses) | PERSONAL == set(ADDRESSES)
    as_if_committed()
    client.get("/")
    numbers = {}
    for address in [*chain.from_iterable(addresses.values()), *PAGES, *MISSING]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code < 500, address
        numbers[address] = len(queries)
    assert {address: number for address, number in numbers.items() if number > MOST} == {}


def discuss(post: Post, number: int, top: Comment | None = None) -> None:
    """That many conversations, or replies to one: each by an account, with a reply below what a moderator removed."""
    for index in range(number):
        first = make_comment(post, email=f"reader{index}@example.org", user=make_staff(), parent=top)
        removed = make_comment(post, parent=first, status="spam")
        make_comment(post, parent=removed, email=f"other{index}@example.org", website="https://example.org")


DISCUSSION = (
    "/posts/discussed/",
    "/posts/discussed/comments/?after={place}",
    "/posts/discussed/comments/{top}/thread/",
    "/posts/discussed/comments/feed/",
    "/comments/feed/",
)


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
    assert many <= MOST, f"{page}: {many} queries"


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
