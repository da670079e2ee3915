"""Who is to be told what, and who is not."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from comments.mail import notifications, subscriptions
from comments.models import Comment, Notice
from posts.models import SiteSettings
from tests.comments.desk import make_waiting
from tests.comments.mailroom import subscribe
from tests.factories import make_author, make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


def told(kind=None):
    notices = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    return sorted(notices.values_list("email", flat=True))


def test_moderators_and_the_authors_of_the_post_hear_of_a_comment_that_waits():
    make_staff("mo", group="Moderator", email="Mo@example.org")
    make_staff("ed", group="Editor", email="ed@example.org")
    make_staff("au", group="Author", email="stranger@example.org")
    ada = make_author("Ada", user=make_staff("ada", group="Author", email="ada@example.org"))
    bob = make_author("Bob", user=make_staff("bob", group="Author", email="bob@example.org"))
    post = make_post(author=ada)
    post.co_authors.add(bob)

    notifications.held([make_waiting(post)])

    assert told("held") == ["ada@example.org", "bob@example.org", "ed@example.org", "mo@example.org"]


def test_nobody_hears_of_their_own_comment():
    mo = make_staff("mo", group="Moderator", email="mo@example.org")
    make_staff("mona", group="Moderator", email="mona@example.org")

    notifications.held([make_waiting(user=mo), make_waiting(email="mona@example.org")])

    assert told() == ["mo@example.org", "mona@example.org"]
    assert Notice.objects.get(email="mo@example.org").comment.email == "mona@example.org"


def test_accounts_that_are_closed_or_have_no_address_hear_nothing():
    make_staff("gone", group="Moderator", email="gone@example.org", is_active=False)
    make_staff("mute", group="Moderator")
    former = make_staff("former", group="Moderator", email="former@example.org")
    get_user_model().objects.filter(pk=former.pk).update(is_staff=False)

    notifications.held([make_waiting()])

    assert told() == []


def test_the_owner_may_do_without_mail_about_waiting_comments():
    make_staff("mo", group="Moderator", email="mo@example.org")
    SiteSettings(comment_mail_moderators=False).save()

    notifications.held([make_waiting()])

    assert told() == []


@pytest.mark.parametrize("status", ["approved", "spam"])
def test_only_a_waiting_comment_is_told_of_as_waiting(status):
    make_staff("mo", group="Moderator", email="mo@example.org")

    notifications.held([make_comment(status=status)])

    assert told() == []


def test_whoever_follows_a_post_hears_of_a_new_comment_and_its_writer_does_not():
    post = make_post()
    subscribe(post, "fan@example.org")
    subscribe(post, "writer@example.org")
    subscribe(post, "never@example.org", confirmed=False)
    subscribe(make_post(), "elsewhere@example.org")

    notifications.published([make_comment(post, email="writer@example.org")])

    assert told("new") == ["fan@example.org"]


def test_a_reply_is_told_to_the_one_it_answers_once_and_as_a_reply():
    post = make_post()
    question = make_comment(post, email="asker@example.org")
    subscribe(post, "asker@example.org", comment=question)
    subscribe(post, "asker@example.org")
    subscribe(post, "fan@example.org")

    notifications.published([make_comment(post, parent=question)])

    assert told("reply") == ["asker@example.org"]
    assert told("new") == ["fan@example.org"]


def test_a_reply_is_not_told_to_those_who_wait_for_replies_to_another_comment():
    post = make_post()
    subscribe(post, "asker@example.org", comment=make_comment(post))

    notifications.published([make_comment(post, parent=make_comment(post)), make_comment(post)])

    assert told() == []


def test_approved_and_held_and_approved_again_is_told_once():
    post = make_post()
    subscribe(post, "fan@example.org")
    comment = make_comment(post)

    for _ in range(3):
        notifications.published([comment])

    assert told() == ["fan@example.org"]


def test_who_follows_replies_only_later_is_not_told_again_of_the_same_comment():
    post = make_post()
    question = make_comment(post, email="asker@example.org")
    subscribe(post, "asker@example.org")
    reply = make_comment(post, parent=question)
    notifications.published([reply])
    subscribe(post, "asker@example.org", comment=question)

    notifications.published([reply])

    assert told() == ["asker@example.org"]


def test_what_is_not_public_or_long_past_is_no_news():
    post = make_post()
    subscribe(post, "fan@example.org")
    old = make_comment(post, created_at=timezone.now() - timedelta(days=31))
    trashed = make_comment(post)
    trashed.delete()

    notifications.published([make_waiting(post), make_comment(post, status="spam"), trashed, old])

    assert told() == []


def test_telling_of_many_comments_costs_as_many_queries_as_of_one(django_assert_num_queries):
    post = make_post()
    subscribe(post, "fan@example.org")
    comments = [make_comment(post) for _ in range(20)]

    with django_assert_num_queries(6):
        notifications.published(comments)

    assert len(told()) == 20


def test_a_link_to_ones_own_data_can_be_mailed_again_and_again():
    for _ in range(2):
        notifications.own_data("Someone@example.org", "/comments/my-data/x/")

    assert told("own_data") == ["someone@example.org"] * 2


def test_mail_ordered_with_a_comment_is_confirmed_only_once_the_comment_is_public():
    comment = make_waiting(email="new@example.org")
    subscriptions.ask(comment, "all")
    notifications.published([comment])
    assert told() == [], "spam must not make us write to strangers"

    Comment.objects.filter(pk=comment.pk).update(status="approved")
    notifications.published([comment])
    notifications.published([comment])

    assert told("confirm") == ["new@example.org"]
