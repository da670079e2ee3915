"""What stands around a text on its own page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from posts.models import Post
from tests.factories import make_draft, make_post

pytestmark = pytest.mark.django_db


def make_changed(after: timedelta) -> Post:
    """A post of last month that changed so long after its publication."""
    post = make_post(publish_at=timezone.now() - timedelta(days=30))
    Post.objects.filter(pk=post.pk).update(updated_at=post.publish_at + after)
    return Post.objects.get(pk=post.pk)


@pytest.mark.parametrize("after", [timedelta(days=-3), timedelta(0), timedelta(hours=23)])
def test_what_is_mended_within_a_day_is_no_news(client, after):
    post = make_changed(after)
    assert post.revised_at is None
    assert "Updated" not in client.get(post.get_absolute_url()).text


def test_a_later_change_is_told_with_its_day(client):
    post = make_changed(timedelta(days=2))
    day = timezone.localtime(post.revised_at)
    assert f'Updated <time datetime="{day:%Y-%m-%d}">' in client.get(post.get_absolute_url()).text


def test_a_draft_was_never_revised():
    assert make_draft().revised_at is None


def test_a_byline_leads_to_the_author(client):
    post = make_post()
    assert f'<a href="{post.author.get_absolute_url()}" rel="author">' in client.get(post.get_absolute_url()).text
