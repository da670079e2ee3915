"""Queries that are compiled once give what the same query gives when it is put together anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.compiled import Compiled
from posts.models import Category, Post
from tests.factories import make_category, make_image, make_post

pytestmark = pytest.mark.django_db

NEWEST = Compiled(
    Post,
    lambda limit, before: (
        Post.objects.filter(publish_at__lt=before)
        .newest_first()
        .values_list("slug", "publish_at", "cover__moves")[:limit]
    ),
)
BY_SLUG = Compiled(
    Post, lambda slugs: Post.objects.filter(slug__in=slugs).order_by("slug").values_list("slug", flat=True)
)


def test_each_run_has_values_of_its_own():
    now = timezone.now()
    make_post("Yesterday", publish_at=now - timedelta(days=1), cover=make_image())
    make_post("Last week", publish_at=now - timedelta(days=7))

    assert [slug for slug, *_ in NEWEST.rows(5, before=now)] == ["yesterday", "last-week"]
    assert [slug for slug, *_ in NEWEST.rows(5, before=now - timedelta(days=2))] == ["last-week"]
    assert [slug for slug, *_ in NEWEST.rows(1, before=now)] == ["yesterday"]


def test_values_come_as_the_model_has_them():
    now = timezone.now()
    post = make_post("Yesterday", publish_at=now - timedelta(days=1), cover=make_image())
    assert NEWEST.rows(1, before=now) == [(post.slug, post.publish_at, False)]


def test_a_list_of_any_length_is_a_value():
    for name in ("Ash", "Birch", "Cedar"):
        make_post(name)
    assert BY_SLUG.rows(slugs=["birch"]) == [("birch",)]
    assert BY_SLUG.rows(slugs=["cedar", "ash", "oak"]) == [("ash",), ("cedar",)]
    assert BY_SLUG.rows(slugs=[]) == []


def test_a_hostile_value_is_a_value_and_no_sql():
    make_post("Ash")
    assert BY_SLUG.rows(slugs=["' OR 1=1 --", "%s", "%(name)s"]) == []


def test_a_second_run_builds_nothing():
    built = []

    def build(name):
        built.append(name)
        return Category.objects.filter(name=name).values_list("slug")

    query = Compiled(Category, build)
    make_category("Kitchen")
    make_category("Garden")
    with CaptureQueriesContext(connection) as captured:
        assert query.rows(name="Kitchen") == [("kitchen",)]
        assert query.rows(name="Garden") == [("garden",)]
    assert len(built) == 1
    assert len(captured) == 2


OPENED = Compiled(Post, lambda slug: Post.objects.filter(slug=slug).select_related("author", "cover").defer("body"))


def test_instances_come_with_what_is_related(django_assert_num_queries):
    made = make_post("Ash", cover=make_image(), body="Long.")
    make_post("Birch")
    with django_assert_num_queries(2):
        [post] = OPENED.instances(slug="ash")
        assert (post, post.toc, post.author, post.cover) == (made, made.toc, made.author, made.cover)
        [other] = OPENED.instances(slug="birch")
        assert other.cover is None
    with django_assert_num_queries(1):
        assert post.body == "Long."
    assert OPENED.instances(slug="oak") == []


def test_only_what_changes_from_run_to_run_is_sent_beside_a_statement():
    def build(before):
        return Post.all_objects.listed(before).exclude(title="100% O'Hara").values_list("slug", flat=True)

    public = Compiled(Post, build)
    make_post("Yesterday")
    make_post("100% O'Hara")
    with CaptureQueriesContext(connection) as captured:
        assert public.rows(before=timezone.now()) == [("yesterday",)]
    assert "'published'" in captured[0]["sql"]
    statement = public._statement(connection.alias, (), (("before", None),))
    assert [value for value in statement.parameters if not hasattr(value, "name")] == ["100% O'Hara"]
