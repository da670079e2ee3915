"""Readers report a comment: counted once an address, answered alike, and looked at once there are enough."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from comments import verbs
from comments.models import Comment, Notice, Report
from posts.models import Post, SiteSettings
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def address_of(comment):
    return f"{comment.post.get_absolute_url()}comments/{comment.pk}/report/"


def report(client, comment, address="203.0.113.1", headers=None):
    return client.post(address_of(comment), REMOTE_ADDR=address, headers=headers)


def report_from(client, comment, number):
    for n in range(number):
        report(client, comment, f"203.0.113.{n + 1}")


def test_a_report_is_asked_about_first(client):
    comment = make_comment(body="Buy *this*!", author_name="Mallory")
    response = client.get(address_of(comment))
    assert "Report this comment?" in response.content.decode()
    assert "Buy <em>this</em>!" in response.content.decode()
    assert b"csrf" not in response.content
    assert not response.cookies
    assert not Report.objects.exists()


def test_an_address_counts_once_and_is_thanked_each_time(client):
    comment = make_comment()
    first, second = report(client, comment), report(client, comment)
    assert "Your report has arrived." in first.content.decode()
    assert first.content == second.content
    assert first.status_code == second.status_code == 200
    assert Report.objects.count() == 1
    assert "203.0.113" not in Report.objects.get().address_hash


def test_enough_reports_hold_a_comment_and_tell_the_moderators(client):
    make_staff(group="Editor", email="editor@example.org")
    comment = make_comment(reasons=[{"code": "open"}])
    report_from(client, comment, 2)
    comment.refresh_from_db()
    assert comment.status == "approved"

    assert "Your report has arrived." in report(client, comment, "203.0.113.3").content.decode()

    comment.refresh_from_db()
    assert comment.status == "pending"
    assert comment.reasons_in_words[0] == "Readers have reported it. Reports: 3."
    assert comment.learnt_as == ""
    assert Post.objects.get().comment_count == 0
    assert Notice.objects.get().kind == "held"
    assert client.get(address_of(comment)).status_code == 404


def test_what_a_moderator_has_approved_starts_at_zero(client):
    comment = make_comment()
    report_from(client, comment, 3)
    verbs.approve(Comment.objects.all())
    report_from(client, comment, 5)
    assert Comment.objects.get().status == "approved", "two more readers, and three who have been answered"
    report_from(client, comment, 6)
    assert Comment.objects.get().status == "pending"


def test_a_site_may_only_count(client):
    SiteSettings(comment_reports_to_hold=0).save()
    comment = make_comment()
    report_from(client, comment, 4)
    assert Comment.objects.get().status == "approved"
    assert Report.objects.count() == 4


def test_another_site_cannot_make_its_visitors_report(client):
    response = report(client, make_comment(), headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert not Report.objects.exists()


def test_one_address_cannot_report_everything(client):
    post = make_post()
    answers = [report(client, make_comment(post)).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    assert Report.objects.count() == 20


@pytest.mark.parametrize("fields", [{"status": "pending"}, {"status": "spam"}, {"deleted_at": timezone.now()}])
def test_what_nobody_sees_cannot_be_reported(client, fields):
    comment = make_comment(**fields)
    never = client.post(address_of(comment).replace(str(comment.pk), "999"))
    answer = report(client, comment)
    assert answer.status_code == never.status_code == 404
    assert answer.content.replace(f"/{comment.pk}/".encode(), b"/999/") == never.content
    assert not Report.objects.exists()
