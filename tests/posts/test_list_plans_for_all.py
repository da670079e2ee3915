"""On PostgreSQL a list's statement is planned once for all subjects: that plan must be good for the longest list."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from posts import lists
from posts.compiled import Parameter, Statement
from posts.models import Listing, Post, Tag, TaggedPost
from tests.costs import analyze
from tests.factories import make_posts

NUMBER = 1_000
RARE = 400
PAGE = 20

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without looking at values"),
]


def test_many_rare_tags_do_not_make_lists_seem_short():
    """The more subjects there are, the shorter a list is thought to be, until to sort it whole looks cheaper.

    Which way is taken among so few posts is no matter; that there is more than the page to be found must be expected.
    """
    with lists.triggers_off():
        common = write()
    page = Post.all_objects.in_feed(Listing.Kind.TAG, Parameter("subject"), Parameter("moment"))
    statement = Statement.of(page.values_list("slug")[:PAGE], "default")
    plan = plan_for_all(statement, {"subject": common.pk, "moment": timezone.now()})
    assert f"rows={PAGE} " in plan.partition("\n")[0], plan


def write() -> Tag:
    """Posts with one tag, which is returned, some of them with another one of their own."""
    posts = make_posts(NUMBER)
    common, *rare = Tag.objects.bulk_create(
        Tag(name=f"T{number}", slug=f"t{number}", key=f"t{number}") for number in range(RARE + 1)
    )
    TaggedPost.objects.bulk_create(TaggedPost(content_object=post, tag=common) for post in posts)
    TaggedPost.objects.bulk_create(
        TaggedPost(content_object=post, tag=tag) for post, tag in zip(posts, rare, strict=False)
    )
    connection.check_constraints()
    return common


def plan_for_all(statement: Statement, given: dict[str, object]) -> str:
    """How PostgreSQL goes about a statement whatever its values are."""
    values = [given[parameter.name] for parameter in statement.parameters]
    places = tuple(f"${number}" for number, _ in enumerate(values, 1))
    analyze()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        cursor.execute(f"PREPARE for_all AS {statement.sql % places}")
        cursor.execute(f"EXPLAIN EXECUTE for_all ({', '.join(['%s'] * len(values))})", values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE for_all")
    return plan
