"""Pages by position in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from posts.models import Post
from posts.pagination import Position, paginate
from tests.factories import make_author, make_post


@given(
    st.datetimes(timezones=st.just(timezone.get_fixed_timezone(0))),
    st.integers(min_value=0, max_value=10**18 - 1),
)
def test_a_position_reads_back_what_it_wrote(moment, pk):
    position = Position(moment, pk)
    assert Position.parse(str(position)) == position


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "garbage",
        "2026-13-01T00:00:00Z_1",
        "2026-02-30T00:00:00Z_1",
        "2026-01-01T00:00:00Z_01",
        "2026-01-01T00:00:00.50Z_1",
        "2026-01-01T00:00:00.0Z_1",
        "2026-01-01T00:00:00Z",
        "２０２６-01-01T00:00:00Z_1",
        "2026-01-01T00:00:00Z_1\n",
        "0000-01-01T00:00:00Z_1",
        "2026-01-01T00:00:00Z_" + "9" * 30,
    ],
)
def test_anything_else_is_refused(garbage):
    with pytest.raises(Http404):
        paginate(Post.objects.none(), RequestFactory().get("/", {"before": garbage}), 10)


def test_both_directions_at_once_are_refused():
    request = RequestFactory().get("/", {"before": "2026-01-01T00:00:00Z_1", "after": "2026-01-01T00:00:00Z_1"})
    with pytest.raises(Http404):
        paginate(Post.objects.none(), request, 10)


def page_of(**position):
    query = {name: str(value) for name, value in position.items()}
    return paginate(Post.published.all(), RequestFactory().get("/", query), 3)


@pytest.fixture
def ten_posts(db) -> list[Post]:
    """Newest first; three of them share one moment."""
    author, now = make_author(), timezone.now()
    ages = [1, 2, 3, 4, 4, 4, 7, 8, 9, 10]
    posts = [make_post(author=author, publish_at=now - timedelta(hours=age)) for age in ages]
    return sorted(posts, key=lambda post: (post.publish_at, post.pk), reverse=True)


def test_forward_and_back_shows_every_post_once(ten_posts):
    page, seen = page_of(), []
    pages = [page]
    seen += page.posts
    while page.older:
        page = page_of(before=page.older)
        pages.append(page)
        seen += page.posts
    assert seen == ten_posts
    assert page_of(after=pages[-1].newer).posts == ten_posts[6:9]


def test_the_first_page_has_nothing_newer_and_the_last_nothing_older(ten_posts):
    assert page_of().newer is None
    last = page_of(before=Position.of(ten_posts[8]))
    assert (last.posts, last.older) == (ten_posts[9:], None)


def test_a_page_stays_the_same_when_newer_posts_come(ten_posts):
    second = page_of().older
    before = page_of(before=second).posts
    make_post("Breaking news")
    assert page_of(before=second).posts == before
