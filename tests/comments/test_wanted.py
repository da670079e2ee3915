"""What is not mailed any more, since much has changed before it was sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from comments.mail import notifications, postman
from comments.models import Comment, Notice, Subscription
from posts.models import Post
from tests.comments.mailroom import hold, publish, subscribe
from tests.factories import make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post("Bread", slug="bread")


HIDING = {
    "draft": {"status": "draft"},
    "scheduled": {"publish_at": timezone.now() + timedelta(days=1)},
    "expired": {"unpublish_at": timezone.now() - timedelta(minutes=1)},
    "trashed": {"deleted_at": timezone.now()},
    "private": {"visibility": "private"},
}


@pytest.mark.parametrize("kind", HIDING)
def test_nothing_of_a_hidden_post_is_mailed(kind, post):
    make_staff("mo", group="Moderator", email="mo@example.org")
    question = publish(post)
    subscribe(post, "fan@example.org")
    subscribe(post, "asker@example.org", comment=question)
    subscribe(post, "new@example.org", confirmed=False)
    publish(post, parent=question)
    hold(post)
    notifications.confirm(Subscription.objects.all())
    assert Notice.objects.count() == 4

    Post.objects.filter(pk=post.pk).update(**HIDING[kind])
    postman.deliver()

    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"status": "pending"}, {"status": "spam"}, {"deleted_at": timezone.now()}])
def test_a_comment_that_is_not_public_any_more_is_not_mailed_but_may_be_later(change, post):
    subscribe(post, "fan@example.org")
    comment = publish(post)
    Comment.objects.filter(pk=comment.pk).update(**change)
    postman.deliver()
    assert mail.outbox == []

    Comment.all_objects.filter(pk=comment.pk).update(status="approved", deleted_at=None)
    notifications.published([comment])
    postman.deliver()

    assert len(mail.outbox) == 1


def test_a_comment_that_somebody_has_decided_about_is_not_mailed_as_waiting(post):
    make_staff("mo", group="Moderator", email="mo@example.org")
    comment = hold(post)
    Comment.objects.filter(pk=comment.pk).update(status="approved")

    postman.deliver()

    assert mail.outbox == []


def test_who_moderates_no_longer_or_has_a_new_address_gets_nothing(post):
    former = make_staff("former", group="Moderator", email="former@example.org")
    moved = make_staff("moved", group="Moderator", email="old@example.org")
    hold(post)
    former.groups.clear()
    moved.email = "new@example.org"
    moved.save()

    postman.deliver()

    assert mail.outbox == []


def test_who_unsubscribes_gets_nothing_that_had_not_been_sent(post):
    subscribe(post, "fan@example.org")
    publish(post)
    Subscription.objects.all().delete()

    postman.deliver()

    assert mail.outbox == []
