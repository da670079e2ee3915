"""A moderator decides by a link in a mail: asked first, once, and only as long as they may."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.mail import mandates, notifications, postman
from comments.models import Comment
from posts.models import Post
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator():
    return make_staff("mo", group="Moderator", email="mo@example.org")


@pytest.fixture
def comment():
    return make_comment(make_post("Bread"), "Salt the *water*.", author_name="Ada", status=Comment.Status.PENDING)


def link(verb: str, comment: Comment, moderator) -> str:
    return reverse("comments:by_mail", args=[mandates.issue(verb, comment, moderator)])


def confirm(address: str):
    """As a browser without cookies does it: open the page, press its button."""
    client = Client(enforce_csrf_checks=True)
    page = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    return client.post(address, {"seen": seen[1] if seen else ""})


def status_of(comment: Comment) -> str:
    comment.refresh_from_db()
    return "trash" if comment.is_trashed else comment.status


@pytest.mark.parametrize(("verb", "status"), [("approve", "approved"), ("mark_as_spam", "spam"), ("trash", "trash")])
def test_the_link_of_a_mail_decides_in_the_name_of_its_receiver(verb, status, comment, moderator):
    response = confirm(link(verb, comment, moderator))

    assert response.status_code == 200
    assert status_of(comment) == status
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (moderator, str(comment.pk))


def test_the_links_in_the_mail_are_such_links(comment, moderator):
    notifications.held([comment])
    postman.deliver()
    addresses = re.findall(r"http://localhost:8000(/comments/moderate/\S+)", mail.outbox[0].body)

    assert len(addresses) == 3
    assert confirm(addresses[0]).status_code == 200
    assert status_of(comment) == "approved"


@pytest.mark.parametrize("verb", mandates.VERBS)
def test_a_scanner_that_opens_the_link_changes_nothing(verb, comment, moderator, client):
    address = link(verb, comment, moderator)
    for method in (client.get, client.head, client.options):
        method(address)

    assert status_of(comment) == "pending"
    assert not LogEntry.objects.exists()


def test_the_page_shows_the_comment_and_asks(comment, moderator, client):
    page = client.get(link("approve", comment, moderator)).content.decode()

    assert "Salt the <em>water</em>." in page
    assert '<button type="submit">Approve</button>' in page


def test_nobody_approves_words_that_they_have_not_read(comment, moderator, client):
    address = link("approve", comment, moderator)
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())[1]
    comment.body = "Buy pills."
    comment.save()

    response = client.post(address, {"seen": seen})

    assert response.status_code == 409
    assert "Buy pills." in response.content.decode()
    assert status_of(comment) == "pending"
    assert client.post(address).status_code == 409, "nor without having looked"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "approved"}, "the comment is approved"),
        ({"status": "spam"}, "the comment is marked as spam"),
        ({"deleted_at": timezone.now()}, "the comment is in the trash"),
    ],
)
def test_what_somebody_has_decided_stays_so(change, sentence, comment, moderator):
    address = link("mark_as_spam", comment, moderator)
    Comment.objects.filter(pk=comment.pk).update(**change)
    before = status_of(comment)

    response = confirm(address)

    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert status_of(comment) == before


def test_a_link_used_twice_says_what_has_become_of_the_comment(comment, moderator):
    address = link("approve", comment, moderator)
    confirm(address)

    assert "the comment is approved" in confirm(address).content.decode()
    assert LogEntry.objects.count() == 1


def test_a_link_is_good_for_a_week(comment, moderator, monkeypatch):
    address = link("approve", comment, moderator)
    monkeypatch.setattr("time.time", lambda: (timezone.now() + mandates.VALID).timestamp() + 1)

    response = confirm(address)

    assert response.status_code == 410
    assert "expired" in response.content.decode()
    assert status_of(comment) == "pending"


def demote(moderator) -> None:
    moderator.groups.clear()


def dismiss(moderator) -> None:
    moderator.is_active = False


def leave_the_desk(moderator) -> None:
    moderator.is_staff = False


def move(moderator) -> None:
    moderator.email = "elsewhere@example.org"


@pytest.mark.parametrize("change", [demote, dismiss, leave_the_desk, move])
def test_who_may_not_moderate_any_more_decides_nothing(change, comment, moderator):
    address = link("approve", comment, moderator)
    change(moderator)
    moderator.save()

    response = confirm(address)

    assert response.status_code == 403
    assert "Salt" not in response.content.decode()
    assert status_of(comment) == "pending"


def test_an_account_that_is_gone_decides_nothing(comment, moderator):
    address = link("approve", comment, moderator)
    moderator.delete()

    assert confirm(address).status_code == 403
    assert status_of(comment) == "pending"


@pytest.mark.parametrize("change", [{"status": "draft"}, {"visibility": "private"}, {"deleted_at": timezone.now()}])
def test_comments_of_hidden_posts_are_not_shown(change, comment, moderator, client):
    Post.objects.filter(pk=comment.post_id).update(**change)

    response = client.get(link("approve", comment, moderator))

    assert response.status_code == 410
    assert "Bread" not in response.content.decode()
    assert "Salt" not in response.content.decode()


def test_a_comment_that_is_gone_for_good_is_said_to_be_gone(comment, moderator, client):
    address = link("approve", comment, moderator)
    comment.purge()

    assert client.get(address).status_code == 410


def test_a_link_that_was_never_ours_has_no_page(comment, moderator, client):
    address = link("approve", comment, moderator)
    for forged in (address[:-3] + "xx/", "/comments/moderate/x/", "/comments/moderate/a:b:c/"):
        assert client.get(forged).status_code == 404, forged
        assert client.post(forged).status_code == 404, forged
    assert status_of(comment) == "pending"


def test_the_page_is_kept_and_told_nowhere(comment, moderator, client):
    response = client.get(link("approve", comment, moderator))

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert not response.cookies
