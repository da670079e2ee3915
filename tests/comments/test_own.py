"""A writer's own comments: the cookie that vouches for them, and what it is good for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from comments import own
from comments.models import Comment
from posts.models import SiteSettings
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


def carry(client, *comments):
    """Let the browser have the cookie as the answers to these comments would have set it."""
    value = signing.dumps([comment.pk for comment in comments], salt=own._SALT)
    client.cookies[own.COOKIE] = value
    return value


def request_with(rf, cookie, user=None):
    request = rf.get("/")
    request.COOKIES[own.COOKIE] = cookie
    request.user = user
    return request


def granted(rf, *comments):
    """The cookie's value after each comment was posted with the cookie of the one before."""
    value = ""
    for comment in comments:
        response = HttpResponse()
        own.grant(request_with(rf, value), response, comment)
        value = response.cookies[own.COOKIE].value
    return value


def test_the_cookie_vouches_for_what_was_posted_with_it(rf):
    first = make_comment()
    second = make_comment(first.post)
    assert own.ids(request_with(rf, granted(rf, first, second))) == [first.pk, second.pk]


def test_it_holds_a_bounded_number_of_the_newest(rf):
    post = make_post()
    comments = [Comment(post=post, pk=pk) for pk in range(1, 31)]
    assert own.ids(request_with(rf, granted(rf, *comments))) == list(range(11, 31))


def test_it_reaches_the_pages_of_its_post_alone_and_no_script(rf, settings):
    settings.SESSION_COOKIE_SECURE = True
    comment = make_comment(make_post("Über Brot"))
    response = HttpResponse()
    own.grant(rf.get("/"), response, comment)
    cookie = response.cookies[own.COOKIE]
    assert cookie["path"] == comment.post.get_absolute_url()
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")


@pytest.mark.parametrize(
    "forged",
    ["", "x", "[1]:x:y", signing.dumps([1], salt="another"), signing.dumps({"a": 1}, salt=own._SALT)],
)
def test_what_is_forged_vouches_for_nothing(rf, forged):
    assert own.ids(request_with(rf, forged)) == []


def test_an_old_cookie_vouches_for_nothing(rf, monkeypatch):
    value = granted(rf, make_comment())
    monkeypatch.setattr(own, "MAX_AGE", timedelta(seconds=-1))
    assert own.ids(request_with(rf, value)) == []


def test_a_comment_may_be_changed_for_a_while(rf):
    comment = make_comment()
    request, site = request_with(rf, granted(rf, comment)), SiteSettings.load()
    assert own.may_change(request, comment, site)
    comment.created_at -= timedelta(minutes=16)
    assert not own.may_change(request, comment, site)


def test_a_comment_of_another_or_in_the_trash_may_not_be_changed(rf):
    comment, other = make_comment(), make_comment()
    request, site = request_with(rf, granted(rf, comment)), SiteSettings.load()
    assert not own.may_change(request, other, site)
    comment.deleted_at = timezone.now()
    assert not own.may_change(request, comment, site)


def test_a_member_s_comment_is_changed_by_its_member_alone(rf):
    ada, ben = make_staff("ada"), make_staff("ben")
    comment = make_comment(user=ada)
    cookie, site = granted(rf, comment), SiteSettings.load()
    assert own.may_change(request_with(rf, cookie, ada), comment, site)
    assert not own.may_change(request_with(rf, cookie, ben), comment, site)
    assert own.may_change_by_account(request_with(rf, "", ada), comment, site)
    assert not own.may_change_by_account(request_with(rf, "", ben), comment, site)


def test_an_anonymous_comment_belongs_to_no_account(rf):
    assert not own.may_change_by_account(request_with(rf, "", make_staff()), make_comment(), SiteSettings.load())


# --- Pages for one browser alone -------------------------------------------------------------------------------------


def test_a_page_that_was_asked_for_with_the_cookie_is_kept_by_nobody(client):
    comment = make_comment(status="pending")
    carry(client, comment)
    response = client.get(comment.post.get_absolute_url())
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "Cookie" in response["Vary"]
    assert own.COOKIE not in response.cookies


def test_a_page_for_everyone_says_nothing_of_cookies(client):
    response = client.get(make_post().get_absolute_url())
    assert "no-store" not in response.get("Cache-Control", "")
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies


@pytest.mark.parametrize("foreign", ["theme=dark", f"{own.COOKIE}=forged", "sessionid=forged", "csrftoken=forged"])
def test_foreign_cookies_change_no_byte_of_a_page(client, foreign):
    address = make_comment().post.get_absolute_url()
    assert client.get(address).content == client.get(address, headers={"cookie": foreign}).content


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"status": "pending"}, True),
        ({"status": "spam"}, True),
        ({"status": "approved"}, False),
        ({"status": "pending", "deleted_at": timezone.now()}, False),
    ],
    ids=["pending", "spam", "approved", "trashed"],
)
def test_the_cookie_goes_once_nothing_waits_and_nothing_can_be_changed(client, fields, kept):
    comment = make_comment(created_at=timezone.now() - timedelta(hours=1), **fields)
    carry(client, comment)
    response = client.get(comment.post.get_absolute_url())
    if kept:
        assert not response.cookies
    else:
        assert response.cookies[own.COOKIE]["max-age"] == 0
        assert response.cookies[own.COOKIE]["path"] == comment.post.get_absolute_url()


def test_a_forged_cookie_is_taken_back(client):
    response = client.get(make_post().get_absolute_url(), headers={"cookie": f"{own.COOKIE}=forged"})
    assert response.cookies[own.COOKIE].value == ""
