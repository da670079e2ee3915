"""A writer's own comments: the cookie that vouches for them, and what it is good for."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from comments import own
from comments.models import Comment, Notice
from posts.models import Post, SiteSettings
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


def test_what_is_forged_vouches_for_nothing(rf):
    signed_elsewhere, no_list = signing.dumps([1], salt="another"), signing.dumps({"a": 1}, salt=own._SALT)
    for forged in ("", "x", "[1]:x:y", signed_elsewhere, no_list):
        assert own.ids(request_with(rf, forged)) == [], forged


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


# --- Changing and taking back ----------------------------------------------------------------------------------------


@pytest.fixture
def mine(client):
    """A comment that this browser has just written, and that waits."""
    comment = make_comment(make_post("On bread"), "My *first* thought.", status="pending")
    carry(client, comment)
    return comment


def at(comment, path):
    return f"{comment.post.get_absolute_url()}comments/{comment.pk}/{path}/"


def test_a_writer_changes_their_words(client, mine):
    page = client.get(at(mine, "edit"))
    assert b"My *first* thought." in page.content
    assert b"csrf" not in page.content

    response = client.post(at(mine, "edit"), {"body": "My *second* thought."})

    assert response["Location"] == f"{mine.post.get_absolute_url()}#comment-{mine.pk}"
    mine.refresh_from_db()
    assert mine.body_html == "<p>My <em>second</em> thought.</p>\n"
    assert mine.edited_at is not None
    assert b"second" in client.get(response["Location"]).content


def test_an_error_keeps_the_change(client, mine):
    response = client.post(at(mine, "edit"), {"body": "\u200b"})
    assert response.status_code == 422
    assert b"nothing in it that can be seen" in response.content
    assert f'href="#id_edit_{mine.pk}_body"'.encode() in response.content
    mine.refresh_from_db()
    assert mine.body == "My *first* thought."


def test_a_change_can_be_previewed(client, mine):
    page = client.post(at(mine, "edit"), {"body": "My **second** thought.", "preview": "1"}).content
    assert b"My <strong>second</strong> thought." in page
    mine.refresh_from_db()
    assert mine.body == "My *first* thought."


def test_a_change_from_another_site_is_shown_instead(client, mine):
    response = client.post(at(mine, "edit"), {"body": "Buy!"}, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert b"Buy!" in response.content
    mine.refresh_from_db()
    assert mine.body == "My *first* thought."


def test_changes_are_limited(client, mine):
    SiteSettings(comment_rate_per_address=1).save()
    answers = [client.post(at(mine, "edit"), {"body": f"Thought {n}"}).status_code for n in range(7)]
    assert answers == [302] * 6 + [429]


def test_what_was_approved_does_not_stay_so_once_it_is_spam(client, mine):
    SiteSettings(comment_policy="open", comment_spam_words="casino").save()
    Comment.objects.update(status="approved")
    client.post(at(mine, "edit"), {"body": "Come to my casino"})
    mine.refresh_from_db()
    assert mine.status == "spam"
    assert mine.post.comments.approved().count() == 0
    assert Post.objects.get().comment_count == 0


@pytest.mark.parametrize(("before", "policy"), [("pending", "open"), ("spam", "open"), ("approved", "hold_all")])
def test_no_verdict_gets_kinder_by_a_change(client, mine, before, policy):
    SiteSettings(comment_policy=policy).save()
    Comment.objects.update(status=before)
    client.post(at(mine, "edit"), {"body": "All is well."})
    mine.refresh_from_db()
    assert mine.status == ("pending" if before == "approved" else before)


def test_a_harmless_change_of_what_is_public_stays_so(client, mine):
    SiteSettings(comment_policy="open").save()
    Comment.objects.update(status="approved")
    client.post(at(mine, "edit"), {"body": "All is well."})
    mine.refresh_from_db()
    assert mine.status == "approved"


def test_moderators_hear_of_what_waits_again(client, mine):
    make_staff(group="Editor", email="editor@example.org")
    SiteSettings(comment_policy="hold_all").save()
    Comment.objects.update(status="approved")
    client.post(at(mine, "edit"), {"body": "All is well."})
    assert Notice.objects.get().kind == "held"


def test_a_writer_takes_their_words_back(client, mine):
    assert client.get(at(mine, "delete")).status_code == 200
    assert Comment.objects.exists()

    response = client.post(at(mine, "delete"))

    assert response["Location"] == f"{mine.post.get_absolute_url()}#comments"
    assert Comment.trash.get() == mine
    assert client.get(mine.post.get_absolute_url()).cookies[own.COOKIE].value == "", "there is nothing left to change"


def test_what_its_writer_has_taken_back_can_be_sent_again_and_once(client, mine):
    client.post(at(mine, "delete"))
    form = {"author_name": mine.author_name, "email": mine.email, "body": mine.body}
    for _press in range(2):
        client.post(f"{mine.post.get_absolute_url()}comments/write/", form)

    assert Comment.objects.get() != mine
    assert Comment.trash.get().reasons_in_words[0] == "Its writer has taken it back."


def test_another_site_takes_nothing_back(client, mine):
    response = client.post(at(mine, "delete"), headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert Comment.objects.exists()


@pytest.mark.parametrize("path", ["edit", "delete"])
@pytest.mark.parametrize("reason", ["no cookie", "forged", "of another comment", "too late", "trashed", "another post"])
def test_what_may_not_be_changed_is_like_what_never_was(client, mine, path, reason):
    address, never = at(mine, path), at(mine, path).replace(f"/{mine.pk}/", "/999/")
    if reason == "no cookie":
        del client.cookies[own.COOKIE]
    elif reason == "forged":
        client.cookies[own.COOKIE] = f"{client.cookies[own.COOKIE].value}x"
    elif reason == "of another comment":
        carry(client, make_comment(mine.post))
    elif reason == "too late":
        Comment.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    elif reason == "trashed":
        mine.delete()
    else:
        other = make_post()
        address, never = (text.replace("/on-bread/", f"/{other.slug}/") for text in (address, never))
    for ask in (client.get, lambda url: client.post(url, {"body": "Mine now."})):
        answer, absence = ask(address), ask(never)
        assert answer.status_code == absence.status_code == 404
        assert answer.content.replace(f"/{mine.pk}/".encode(), b"/999/") == absence.content
    assert Comment.all_objects.get(pk=mine.pk).body == "My *first* thought."


# --- Members ---------------------------------------------------------------------------------------------------------


def token_of(page):
    return re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content)[1].decode()


def test_a_member_changes_their_comment_with_a_token_and_without_the_cookie(client):
    member = make_staff("ada")
    comment = make_comment(user=member)
    client.force_login(member)

    refused = client.post(at(comment, "edit"), {"body": "Better said."})
    assert refused.status_code == 403
    assert b"Better said." in refused.content

    token = token_of(refused)
    assert client.post(at(comment, "edit"), {"body": "Better said.", "csrfmiddlewaretoken": token}).status_code == 302
    comment.refresh_from_db()
    assert comment.body == "Better said."

    assert client.post(at(comment, "delete")).status_code == 403
    token = token_of(client.get(at(comment, "delete")))
    assert client.post(at(comment, "delete"), {"csrfmiddlewaretoken": token}).status_code == 302
    assert not Comment.objects.exists()


def test_who_has_signed_in_since_takes_back_what_they_wrote_before(client, mine):
    client.force_login(make_staff("ada"))
    page = client.get(at(mine, "delete"))
    assert client.post(at(mine, "delete"), {"csrfmiddlewaretoken": token_of(page)}).status_code == 302
    assert not Comment.objects.exists()


def test_another_member_changes_nothing(client):
    comment = make_comment(user=make_staff("ada"))
    client.force_login(make_staff("ben", is_superuser=True))
    assert client.get(at(comment, "edit")).status_code == 404


def test_who_has_signed_out_has_given_their_comments_out_of_hand(client):
    comment = make_comment(user=make_staff("ada"))
    carry(client, comment)
    assert client.get(at(comment, "edit")).status_code == 404
