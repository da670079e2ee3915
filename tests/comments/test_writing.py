"""A reader writes, and what the site answers. No script, no login, no cookie."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from comments.forms import MAX_BODY_BYTES, CommentForm
from comments.models import Comment
from comments.receiving import receive
from posts.models import Post
from tests.factories import make_comment, make_draft, make_post, make_staff

pytestmark = pytest.mark.django_db

HOSTILE = Path(__file__).parents[3] / "shared" / "corpora" / "hostile"
ZERO_WIDTH = "\u200b\u200d\u2060\ufeff\u00ad\u3164\u2800\u0300"


@pytest.fixture
def client():
    """A browser without a token, whose cookies are checked as strictly as in production."""
    return Client(enforce_csrf_checks=True)


def send(client, post, headers=None, path="", **fields):
    data = {"body": "I see it *differently*.", "author_name": "Ada", **fields}
    return client.post(f"{post.get_absolute_url()}comments/{path}", data, headers=headers)


def test_a_comment_is_stored_waits_and_is_thanked_for(client):
    post = make_post("On bread")

    response = send(client, post, email="ada@example.org", website="ada.example")

    assert response.status_code == 302
    thanks = client.get(response["Location"])
    assert "It will appear once a moderator has approved it." in thanks.content.decode()
    assert "On bread" in thanks.content.decode()
    comment = Comment.objects.get()
    assert (comment.status, comment.author_name, comment.email) == ("pending", "Ada", "ada@example.org")
    assert comment.website == "https://ada.example"
    assert "<em>differently</em>" in comment.body_html
    assert comment.reasons_in_words == ["Every comment waits for a moderator."]
    assert not client.cookies


def test_thanks_are_neither_indexed_nor_kept(client):
    response = client.get(f"{make_post().get_absolute_url()}comments/received/")
    assert b'<meta name="robots" content="noindex">' in response.content
    assert "no-store" in response["Cache-Control"]


def test_the_form_below_the_post_sends_to_the_right_address(client):
    post = make_post()
    page = client.get(post.get_absolute_url()).content.decode()
    assert f'<form class="comment-form" method="post" action="{post.get_absolute_url()}comments/">' in page


def test_who_comes_back_to_the_form_s_address_finds_the_discussion(client):
    post = make_post()
    response = client.get(f"{post.get_absolute_url()}comments/")
    assert response["Location"] == f"{post.get_absolute_url()}#comments"


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


def test_a_flood_is_turned_away_before_it_is_read(client):
    response = send(client, make_post(), body="x" * 300_000)
    assert response.status_code == 413
    assert b"more than a comment can hold" in response.content


def test_control_characters_are_left_out_of_what_is_stored(client):
    send(client, make_post(), body="one\x0btwo", author_name="A\x07da")
    comment = Comment.objects.get()
    assert (comment.body, comment.author_name) == ("onetwo", "Ada")


def test_a_program_that_fills_in_everything_is_thanked_and_marked(client):
    response = send(client, make_post(), trap="https://buy.example")
    assert response["Location"].endswith("/comments/received/")
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


def test_who_is_signed_in_writes_as_anyone(client):
    client.force_login(make_staff("root", is_superuser=True))
    assert send(client, make_post()).status_code == 302
    comment = Comment.objects.get()
    assert (comment.user, comment.status) == (None, "pending")


def test_nobody_approves_their_own_comment(client):
    other = make_post()
    smuggled = {"status": "approved", "post": other.pk, "post_id": other.pk, "user": 1, "reasons": "[]"}
    data = {"body": "Approve me.", "author_name": "Eve", **smuggled}
    client.post(f"{make_post().get_absolute_url()}comments/", data)
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
    assert '<meta name="robots" content="noindex">' in page

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


def test_a_reply_to_a_comment_on_another_post_is_missing(client):
    comment = make_comment()
    assert send(client, make_post(), path=f"{comment.pk}/reply/").status_code == 404


# --- Posts that take no comments -------------------------------------------------------------------------------------


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

    for path in ("", "received/", f"{comment.pk}/reply/"):
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

    def purge_first(comment, signals):
        Post.all_objects.get(pk=post.pk).purge()
        return receive(comment, signals)

    monkeypatch.setattr("comments.views.receive", purge_first)
    assert send(client, post).status_code == 404


def test_a_draft_has_no_form(client):
    assert send(client, make_draft()).status_code == 404


# --- Hostile input ---------------------------------------------------------------------------------------------------


def corpus(name):
    path = HOSTILE / name
    if not path.exists():
        pytest.skip("The hostile corpora are not beside the checkout.")
    return path.read_text()


def naughty_strings():
    return json.loads(corpus("blns.json"))


def test_naughty_strings_are_stored_or_refused(client):
    post = make_post()
    stored = []
    for text in naughty_strings():
        for fields in ({"body": text, "author_name": text}, {"email": text, "website": text, "trap": text}):
            form = CommentForm({"body": "x", "author_name": "x", **fields}, instance=Comment(post=post))
            if form.is_valid():
                stored.append(form.instance)

    Comment.objects.bulk_create(stored)
    Comment.objects.update(status="approved")

    assert len(stored) > 200
    assert client.get(post.get_absolute_url()).status_code == 200


def test_no_script_comes_through(client):
    post = make_post()
    payloads = corpus("Markdown-XSS-Payloads.txt")
    bodies = [*payloads.splitlines(), payloads[:MAX_BODY_BYTES], *naughty_strings()]
    Comment.objects.bulk_create(
        Comment(post=post, author_name=f"x{body[:79]}", body=f"{body}\n.", status="approved") for body in bodies
    )

    page = client.get(post.get_absolute_url()).content.decode()
    seen = Tags()
    seen.feed(page[page.index('id="comments"') : page.index('id="comment-form"')])

    assert not seen.names & {"script", "style", "img", "svg", "iframe", "object", "embed", "form", "input", "base"}
    assert not {name for name in seen.attributes if name.startswith("on")} | seen.attributes & {"style", "srcdoc"}
    assert {urlsplit(link).scheme for link in seen.links} <= {"", "http", "https", "mailto"}


class Tags(HTMLParser):
    """The names of the tags and of the attributes in a page, and where its links lead, as a browser reads them."""

    def __init__(self):
        super().__init__()
        self.names, self.attributes, self.links = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.links |= {value.strip() for name, value in attrs if name in {"href", "src", "action", "cite"} and value}


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data", "text/plain", "application/json", "multipart/x; boundary=a"]
)
def test_a_body_that_is_no_form_is_an_error_of_the_sender(client, content_type):
    address = f"{make_post().get_absolute_url()}comments/"
    response = client.generic("POST", address, b"\xff\xfe{", content_type=content_type)
    assert 400 <= response.status_code < 500


def test_bytes_that_are_no_utf8_are_read_as_well_as_may_be(client):
    address = f"{make_post().get_absolute_url()}comments/"
    response = client.generic(
        "POST", address, b"body=caf%E9&author_name=Ada", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 302
    assert Comment.objects.get().body == "caf\ufffd"
