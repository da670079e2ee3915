"""A reader writes, and what the site answers. No script, no login, no cookie."""

from __future__ import annotations

import re
import time

import pytest
from django.core import signing
from django.test import Client

from comments import own
from comments.forms import MAX_BODY_BYTES
from comments.models import Comment, Subscription
from posts import markup
from posts.models import SiteSettings
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

ZERO_WIDTH = "\u200b\u200d\u2060\ufeff\u00ad\u3164\u2800\u0300"


@pytest.fixture
def client():
    """A browser without a token, whose cookies are checked as strictly as in production."""
    return Client(enforce_csrf_checks=True)


def send(client, post, headers=None, path="write/", **fields):
    data = {"body": "I see it *differently*.", "author_name": "Ada", **fields}
    return client.post(f"{post.get_absolute_url()}comments/{path}", data, headers=headers)


def shown(response):
    return response.content.decode()


def test_a_comment_is_stored_waits_and_is_shown_to_its_writer_alone(client):
    post = make_post("On bread")

    response = send(client, post, email="ada@example.org", website="ada.example")

    assert response.status_code == 302
    comment = Comment.objects.get()
    assert (comment.status, comment.author_name, comment.email) == ("pending", "Ada", "ada@example.org")
    assert comment.website == "https://ada.example"
    assert "<em>differently</em>" in comment.body_html
    assert comment.address_range == "127.0.0.0/24"
    address = client.get(response["Location"])["Location"]
    assert address == f"{post.get_absolute_url()}#comment-{comment.pk}"
    assert "I see it <em>differently</em>." in shown(client.get(address))
    assert "differently" not in shown(Client().get(address))


def test_without_cookies_the_writer_is_thanked_and_nobody_is_told_anything(client):
    post = make_post("On bread")
    address = send(client, post)["Location"]
    thanks = Client().get(address)
    never = Client().get(address.replace(str(Comment.objects.get().pk), "999"))
    assert "Your comment has arrived." in shown(thanks)
    assert "On bread" in shown(thanks)
    assert thanks.content.replace(address.encode(), b"") == never.content.replace(address.encode(), b"")
    assert b'<meta name="robots" content="noindex' in thanks.content
    assert "no-store" in thanks["Cache-Control"]


def test_the_form_below_the_post_sends_to_the_right_address(client):
    post = make_post()
    assert f'method="post" action="{post.get_absolute_url()}comments/write/"' in shown(
        client.get(post.get_absolute_url())
    )


def test_the_form_has_a_page_of_its_own(client):
    post = make_post("On bread")
    response = client.get(f"{post.get_absolute_url()}comments/write/")
    assert "Comment on “On bread”" in shown(response)
    assert "no-store" in response["Cache-Control"]
    assert "csrf" not in shown(response)
    assert not response.cookies


def test_what_has_been_approved_before_is_published_at_once(client):
    post = make_post()
    make_comment(author_name="Ada", email="ada@example.org")
    address = client.get(send(client, post, email="ada@example.org")["Location"])["Location"]
    assert Comment.objects.get(post=post).status == "approved"
    assert "differently" in shown(Client().get(address))


def test_script_is_told_where_the_comment_is(client):
    response = send(client, make_post(), headers={"accept": "application/json"})
    pk = Comment.objects.get().pk
    assert response.status_code == 201
    assert response.json()["id"] == pk
    assert response.json()["url"].endswith(f"/comments/{pk}/received/")
    assert own.COOKIE in response.cookies


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"body": ""}, "body", "Write your comment first."),
        ({"body": " \n "}, "body", "Write your comment first."),
        ({"body": ZERO_WIDTH}, "body", "nothing in it that can be seen"),
        ({"body": "&#8203;&shy;"}, "body", "nothing in it that can be seen"),
        ({"body": "x" * (MAX_BODY_BYTES + 1)}, "body", "too long for one"),
        ({"body": "ü" * (MAX_BODY_BYTES // 2 + 1)}, "body", "too long for one"),
        ({"author_name": ""}, "author_name", "Enter your name"),
        ({"author_name": ZERO_WIDTH}, "author_name", "nothing in it that can be seen"),
        ({"author_name": "\x01\x02"}, "author_name", "nothing in it that can be seen"),
        ({"author_name": "x" * 81}, "author_name", "at most 80"),
        ({"email": "ada"}, "email", "name@example.org"),
        ({"email": "a" * 250 + "@example.org"}, "email", "at most 254"),
        ({"website": "javascript:alert(1)"}, "website", "https://example.org"),
        ({"website": "ftp://example.org"}, "website", "https://example.org"),
        ({"website": "https://example.org/" + "x" * 200}, "website", "at most 200"),
    ],
)
def test_an_error_keeps_the_text_and_points_at_its_field(client, fields, field, sentence):
    post = make_post()
    written = {"body": "A thought that took an hour.", "author_name": "Ada", "email": "ada@example.org", **fields}

    response = send(client, post, **written)

    page = response.content.decode()
    assert response.status_code == 422
    assert "no-store" in response["Cache-Control"]
    assert "<title>Error: " in page
    assert sentence in page
    assert f'<a href="#id_{field}">' in page
    assert f'id="id_{field}_error"' in page
    assert page.count('aria-invalid="true"') == 1
    for name in {"body": "A thought that took an hour.", "author_name": "Ada"}.keys() - {field}:
        assert written[name] in page
    assert not Comment.objects.exists()


def test_a_text_of_twenty_thousand_bytes_is_taken(client):
    assert send(client, make_post(), body="ü" * (MAX_BODY_BYTES // 2)).status_code == 302


def test_the_site_says_how_long_a_comment_may_be(client):
    SiteSettings(comment_max_length=200).save()
    post = make_post()
    response = send(client, post, body="ü" * 201)
    assert "too long by 1 character." in shown(response)
    assert "ü" * 201 in shown(response)
    assert send(client, post, body="ü" * 200).status_code == 302


def test_a_flood_is_turned_away_before_it_is_parsed_but_not_thrown_away(client):
    response = send(client, make_post(), body="x" * 300_000)
    assert response.status_code == 413
    assert b"more than a comment can hold" in response.content
    assert b"x" * 300_000 in response.content


def test_the_text_is_rendered_once(client, monkeypatch):
    rendered = []
    render = markup.render_comment
    monkeypatch.setattr(markup, "render_comment", lambda source: rendered.append(source) or render(source))
    send(client, make_post())
    assert rendered == ["I see it *differently*."]


def test_control_characters_are_left_out_of_what_is_stored(client):
    send(client, make_post(), body="one\x0btwo", author_name="A\x07da")
    comment = Comment.objects.get()
    assert (comment.body, comment.author_name) == ("onetwo", "Ada")


def test_a_program_that_fills_in_everything_is_thanked_and_marked(client):
    response = send(client, make_post(), trap="https://buy.example")
    assert response["Location"].endswith("/received/")
    assert Comment.objects.get().status == "spam"


def test_pressing_twice_stores_once(client):
    post = make_post()
    assert send(client, post)["Location"] == send(client, post)["Location"]
    assert Comment.objects.count() == 1


def test_a_form_sent_from_another_site_is_shown_again_instead(client):
    post = make_post()
    response = send(client, post, headers={"sec-fetch-site": "cross-site"})
    assert response.status_code == 403
    assert b"not sent from our own page" in response.content
    assert b"I see it *differently*." in response.content
    assert not Comment.objects.exists()


def test_a_form_sent_from_our_page_is_taken(client):
    headers = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}
    assert send(client, make_post(), headers=headers).status_code == 302


@pytest.mark.parametrize("wish", ["replies", "all"])
def test_mail_may_be_ordered(client, wish):
    send(client, make_post(), email="ada@example.org", wish=wish)
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.confirmed_at) == ("ada@example.org", None)
    assert (subscription.comment == Comment.objects.get()) is (wish == "replies")


def test_mail_needs_an_address(client):
    response = send(client, make_post(), wish="all")
    assert response.status_code == 422
    assert "choose no mail" in shown(response)
    assert '<a href="#id_email">' in shown(response)


def test_a_site_may_ask_for_an_address(client):
    SiteSettings(comment_email_required=True).save()
    post = make_post()
    assert "Enter your e-mail address." in shown(send(client, post))
    assert "(optional, never shown)" not in shown(client.get(post.get_absolute_url()))
    assert send(client, post, email="ada@example.org").status_code == 302


def test_a_form_that_was_open_for_a_second_is_no_person_s(client):
    post = make_post()
    stamp = signing.dumps(time.time() - 1, salt="comments.opened")
    send(client, post, opened=stamp, elapsed="99")
    assert "too_fast" in [reason["code"] for reason in Comment.objects.get().reasons]


@pytest.mark.parametrize("elapsed", ["", "nan", "-1", "a", "1e999", "5.5"])
def test_what_is_not_known_of_the_time_speaks_against_nobody(client, elapsed):
    send(client, make_post(), opened="forged", elapsed=elapsed)
    assert "too_fast" not in [reason["code"] for reason in Comment.objects.get().reasons]


def test_script_counts_the_seconds_on_a_page_for_everyone(client):
    send(client, make_post(), elapsed="1.5")
    assert "too_fast" in [reason["code"] for reason in Comment.objects.get().reasons]


def test_too_many_comments_from_one_address_wait_with_their_text(client):
    SiteSettings(comment_rate_per_address=2).save()
    post = make_post()
    for n in range(2):
        assert send(client, post, body=f"Thought {n}").status_code == 302
    response = send(client, post, body="Thought 3")
    assert response.status_code == 429
    assert 590 <= int(response["Retry-After"]) <= 600
    assert "Try again in 10 minutes." in shown(response)
    assert "Thought 3" in shown(response)
    assert Comment.objects.count() == 2


def test_too_many_comments_on_one_post_wait(client):
    SiteSettings(comment_rate_per_post=1).save()
    post = make_post()
    assert send(client, post).status_code == 302
    assert (
        client.post(
            f"{post.get_absolute_url()}comments/write/", {"body": "x", "author_name": "B"}, REMOTE_ADDR="::1"
        ).status_code
        == 429
    )
    assert send(client, make_post()).status_code == 302


# --- Preview ---------------------------------------------------------------------------------------------------------


def test_a_preview_shows_what_would_be_published_and_stores_nothing(client):
    response = send(client, make_post(), preview="1", author_name="", email="no address")
    page = shown(response)
    assert response.status_code == 200
    assert "I see it <em>differently</em>." in page
    assert page.index("comment-preview") < page.index("<textarea")
    assert "I see it *differently*." in page
    assert 'value="no address"' in page
    assert "errorlist" not in page
    assert not Comment.objects.exists()


def test_a_preview_of_nothing_says_so(client):
    page = shown(send(client, make_post(), preview="1", body=""))
    assert "Write your comment first." in page
    assert "comment-preview" not in page


def test_previews_are_limited(client):
    SiteSettings(comment_rate_per_address=1).save()
    post = make_post()
    answers = [send(client, post, preview="1").status_code for _ in range(7)]
    assert answers == [200] * 6 + [429]


def test_nobody_approves_their_own_comment(client):
    other = make_post()
    smuggled = {"status": "approved", "post": other.pk, "post_id": other.pk, "user": 1, "reasons": "[]"}
    data = {"body": "Approve me.", "author_name": "Eve", **smuggled}
    client.post(f"{make_post().get_absolute_url()}comments/write/", data)
    comment = Comment.objects.get()
    assert comment.status == "pending"
    assert comment.post != other


# --- Replies ---------------------------------------------------------------------------------------------------------


def test_a_reply_is_written_on_a_page_of_its_own(client):
    parent = make_comment(body="Is *rye* better?", author_name="Grace")
    address = f"{parent.post.get_absolute_url()}comments/{parent.pk}/reply/"

    page = client.get(address).content.decode()
    assert "Reply to Grace" in page
    assert "Is <em>rye</em> better?" in page
    assert f'action="{address}"' in page
    assert '<meta name="robots" content="noindex' in page

    assert send(client, parent.post, path=f"{parent.pk}/reply/").status_code == 302
    assert Comment.objects.pending().get().parent == parent


def test_a_reply_with_an_error_keeps_its_place(client):
    parent = make_comment(author_name="Grace")
    response = send(client, parent.post, path=f"{parent.pk}/reply/", author_name="")
    assert response.status_code == 422
    assert "Reply to Grace" in response.content.decode()


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "٣"])
def test_a_reply_to_what_never_was_is_missing(client, pk):
    assert client.get(f"{make_post().get_absolute_url()}comments/{pk}/reply/").status_code == 404


def test_a_reply_to_what_is_gone_keeps_the_text_and_tells_nothing(client):
    comment = make_comment(status="pending")
    gone = send(client, comment.post, path=f"{comment.pk}/reply/")
    never = send(client, comment.post, path="999/reply/")
    assert gone.status_code == never.status_code == 404
    assert "What you answer is not there any more." in shown(gone)
    assert "I see it *differently*." in shown(gone)
    assert f'action="{comment.post.get_absolute_url()}comments/write/"' in shown(gone)
    assert re.sub(rb"id_\d+_|comments/\d+/", b"", gone.content) == re.sub(rb"id_\d+_|comments/\d+/", b"", never.content)


def test_a_reply_to_a_comment_on_another_post_is_missing(client):
    comment = make_comment()
    assert send(client, make_post(), path=f"{comment.pk}/reply/").status_code == 404
