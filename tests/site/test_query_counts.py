"""Cost is flat: a page asks the database as often for many rows as for few."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment
from posts.models import Category, Series
from tests.costs import queries_of
from tests.factories import make_author, make_category, make_image, make_page, make_post, make_series


def populate(number: int, prefix: str) -> None:
    """`number` posts in the category, series and tag that each page of the test shows, with authors of their own."""
    category = Category.objects.filter(slug="kitchen").first() or make_category("Kitchen")
    series = Series.objects.filter(slug="baking").first() or make_series("Baking")
    for index in range(number):
        make_category(f"Child {prefix}{index}", parent=category)
        make_page(f"Page {prefix}{index}", menu_position=index)
        other = make_category(f"Other {prefix}{index}")
        post = make_post(
            f"Post {prefix}{index}",
            author=make_author(bio="Bakes.", picture=make_image()),
            categories=[category, other],
            series=series,
            tags=["bread", f"tag {prefix}{index}"],
            cover=make_image(),
            pinned=index == 0,
            publish_at=timezone.now() - timedelta(hours=index + 1),
        )
        post.co_authors.add(make_author())
        for comment in range(index + 1):
            Comment.objects.create(
                post=post, author_name="Ben", email="ben@example.org", body=f"Yes, {comment}.", status="approved"
            )


PAGES = {
    "/": 8,
    "/category/kitchen/": 12,
    "/tag/bread/": 9,
    "/series/baking/": 7,
    "/archive/": 5,
    "/search/?q=paragraph": 6,
    "/feed/": 10,
    "/category/kitchen/feed/": 12,
    "/comments/feed/": 7,
    "/posts/post-a0/comments/feed/": 8,
    "/posts/post-a0/": 14,
}


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_many_rows_cost_what_few_cost(address, client):
    populate(2, "a")
    few = queries_of(client, address)
    populate(12, "b")
    many = queries_of(client, address)
    assert many <= few, f"{address}: {few} queries became {many}"
    assert many <= PAGES[address], f"{address}: {many} queries"
