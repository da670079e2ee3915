"""Who may write below a post: what the site says, until time closes it, unless the post says otherwise."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment
from comments.policy import closes_at, policy_of
from posts.models import CommentPolicy, SiteSettings
from tests.factories import make_draft, make_post

pytestmark = pytest.mark.django_db

CLOSING = SiteSettings(comment_policy="open", comment_close_days=30)


def published(days_ago: float, **fields):
    return make_post(publish_at=timezone.now() - timedelta(days=days_ago), **fields)


def test_the_site_decides_for_posts_that_say_nothing():
    assert policy_of(published(1), SiteSettings()) == CommentPolicy.HOLD_FIRST
    for policy in CommentPolicy:
        assert policy_of(published(1), SiteSettings(comment_policy=policy)) == policy


def test_comments_close_when_the_days_are_over():
    assert policy_of(published(29.9), CLOSING) == CommentPolicy.OPEN
    assert policy_of(published(30.1), CLOSING) == CommentPolicy.OFF
    assert closes_at(make_draft(publish_at=None), CLOSING) is None


def test_without_days_they_stay_open():
    assert policy_of(published(9999), SiteSettings(comment_policy="open")) == CommentPolicy.OPEN


@pytest.mark.parametrize("policy", CommentPolicy)
def test_a_post_that_says_otherwise_is_as_it_says_however_old(policy):
    for site in (CLOSING, SiteSettings(comment_policy="off")):
        assert policy_of(published(99, comment_policy=policy), site) == policy
        assert closes_at(published(99, comment_policy=policy), site) is None


@pytest.mark.parametrize(("days_ago", "status"), [(29, 302), (31, 403)])
def test_what_is_closed_by_time_takes_nothing_and_keeps_the_text(client, days_ago, status):
    SiteSettings.objects.create(comment_close_days=30)
    address = f"{published(days_ago).get_absolute_url()}comments/write/"
    response = client.post(address, {"body": "Too late?", "author_name": "Ada"})
    assert response.status_code == status
    assert Comment.objects.count() == (status == 302)
    assert status == 302 or b"Too late?" in response.content
