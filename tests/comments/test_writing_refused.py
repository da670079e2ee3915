"""Posts that take no comments: those that are closed, and those that nobody may see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Comment
from comments.receiving import receive
from posts.models import Post
from tests.factories import make_comment, make_draft, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def send(client, post, path="write/"):
    data = {"body": "I see it *differently*.", "author_name": "Ada"}
    return client.post(f"{post.get_absolute_url()}comments/{path}", data)


def test_a_closed_post_refuses_in_a_sentence_and_keeps_the_text(client):
    parent = make_comment(make_post(comment_policy="off"))

    response = send(client, parent.post)

    assert response.status_code == 403
    assert b"Comments on this post are closed." in response.content
    assert b"I see it *differently*." in response.content
    assert client.get(f"{parent.post.get_absolute_url()}comments/{parent.pk}/reply/").status_code == 403
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"visibility": "private"},
        {"deleted_at": timezone.now()},
        {"publish_at": timezone.now() + timezone.timedelta(days=1)},
        {"unpublish_at": timezone.now() - timezone.timedelta(minutes=1)},
    ],
    ids=lambda fields: next(iter(fields)),
)
@pytest.mark.parametrize("as_editor", [False, True])
def test_a_hidden_post_answers_like_one_that_never_was(client, hidden, as_editor):
    comment = make_comment(make_post(slug="secret"))
    Post.all_objects.update(**hidden)
    if as_editor:
        client.force_login(make_staff(group="Editor"))

    for path in (
        "write/",
        f"{comment.pk}/received/",
        f"{comment.pk}/reply/",
        f"{comment.pk}/report/",
        f"{comment.pk}/edit/",
    ):
        there, nowhere = (f"/posts/{slug}/comments/{path}" for slug in ("secret", "absent"))
        for answer, absence in [
            (client.get(there), client.get(nowhere)),
            (client.post(there, {}), client.post(nowhere, {})),
        ]:
            assert answer.status_code == absence.status_code
            assert answer.content.replace(b"secret", b"absent") == absence.content
    assert Comment.all_objects.count() == 1


def test_an_unlisted_post_may_be_discussed(client):
    assert send(client, make_post(visibility="unlisted")).status_code == 302


def test_a_post_purged_at_this_very_moment_is_missing(client, monkeypatch):
    post = make_post()

    def purge_first(*args):
        Post.all_objects.get(pk=post.pk).purge()
        return receive(*args)

    monkeypatch.setattr("comments.views.writing.receive", purge_first)
    assert send(client, post).status_code == 404


def test_a_draft_has_no_form(client):
    assert send(client, make_draft()).status_code == 404
