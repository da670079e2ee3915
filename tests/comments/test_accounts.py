"""Readers who have an account: they write under their name, and with the protection of an account."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from comments.models import Comment
from posts.models import Post
from tests.factories import make_author, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def member(db):
    return get_user_model().objects.create_user(
        "ada1815", "ada@example.org", "a long secret", first_name="Ada", last_name="Lovelace"
    )


def write_address(post):
    return f"{post.get_absolute_url()}comments/write/"


def token_of(page):
    return re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content)[1].decode()


def send(client, post, **fields):
    return client.post(write_address(post), {"body": "I see it *differently*.", **fields})


def test_a_member_writes_under_their_name_with_a_token(client, member):
    post = make_post()
    client.force_login(member)
    page = client.get(write_address(post))
    assert "Signed in as <b>Ada Lovelace</b>." in page.content.decode()
    assert 'name="author_name"' not in page.content.decode()

    assert send(client, post, csrfmiddlewaretoken=token_of(page)).status_code == 302

    comment = Comment.objects.get()
    assert (comment.user, comment.author_name, comment.email) == (member, "Ada Lovelace", "ada@example.org")
    assert comment.status == "approved"


def test_from_the_page_for_everyone_a_member_sends_once_more(client, member):
    post = make_post()
    client.force_login(member)

    page = send(client, post, author_name="Somebody else", email="else@example.org")

    assert page.status_code == 403
    assert "Send it once more" in page.content.decode()
    assert "Signed in as <b>Ada Lovelace</b>." in page.content.decode()
    assert "I see it *differently*." in page.content.decode()
    assert not Comment.objects.exists()

    send(client, post, author_name="Somebody else", csrfmiddlewaretoken=token_of(page))
    assert Comment.objects.get().author_name == "Ada Lovelace"


@pytest.mark.parametrize("token", ["", "x" * 64, "a" * 32])
def test_a_wrong_token_sends_nothing(client, member, token):
    client.force_login(member)
    assert send(client, make_post(), csrfmiddlewaretoken=token).status_code == 403
    assert not Comment.objects.exists()


def test_a_token_from_a_foreign_page_sends_nothing(client, member):
    post = make_post()
    client.force_login(member)
    data = {"body": "Buy!", "csrfmiddlewaretoken": token_of(client.get(write_address(post)))}
    response = client.post(write_address(post), data, headers={"origin": "https://evil.example"})
    assert response.status_code == 403
    assert not Comment.objects.exists()


def test_an_author_writes_under_their_public_name(client, member):
    make_author("A. L.", user=member)
    client.force_login(member)
    assert "Signed in as <b>A. L.</b>." in client.get(write_address(make_post())).content.decode()


def test_who_has_only_a_login_name_is_asked_for_another(client):
    client.force_login(get_user_model().objects.create_user("secret-login"))
    post = make_post()
    page = client.get(write_address(post))
    assert "secret-login" not in page.content.decode()
    assert 'name="author_name"' in page.content.decode()
    send(client, post, author_name="Grace", csrfmiddlewaretoken=token_of(page))
    assert Comment.objects.get().author_name == "Grace"


def test_who_was_signed_out_meanwhile_keeps_their_text(client, member):
    post = make_post()
    client.force_login(member)
    token = token_of(client.get(write_address(post)))
    client.logout()

    page = send(client, post, csrfmiddlewaretoken=token)

    assert page.status_code == 422
    assert "You are not signed in any more." in page.content.decode()
    assert "I see it *differently*." in page.content.decode()
    assert 'name="author_name"' in page.content.decode()
    assert not Comment.objects.exists()


# --- Members only ----------------------------------------------------------------------------------------------------


@pytest.fixture
def closed_shop(db) -> Post:
    return make_post("For members", comment_policy="members")


def test_who_is_not_signed_in_is_led_there_and_back(client, closed_shop, member):
    response = client.get(write_address(closed_shop))
    assert response["Location"] == "/comments/sign-in/?next=/posts/for-members/comments/write/"
    page = client.get(response["Location"])
    data = {"username": "ada1815", "password": "a long secret", "csrfmiddlewaretoken": token_of(page)}
    assert 'name="next" value="/posts/for-members/comments/write/"' in page.content.decode()
    back = client.post("/comments/sign-in/", {**data, "next": write_address(closed_shop)})
    assert back["Location"] == write_address(closed_shop)
    assert "Signed in as" in client.get(back["Location"]).content.decode()


def test_what_was_written_before_signing_in_is_there_afterwards(client, closed_shop, member):
    page = send(client, closed_shop, author_name="Ada")
    assert page.status_code == 403
    assert "I see it *differently*." in page.content.decode()
    assert not Comment.objects.exists()

    data = {
        "username": "ada1815",
        "password": "a long secret",
        "csrfmiddlewaretoken": token_of(page),
        "next": write_address(closed_shop),
        "body": "I see it *differently*.",
    }
    back = client.get(client.post("/comments/sign-in/", data)["Location"])
    assert "I see it *differently*." in back.content.decode()

    assert send(client, closed_shop, csrfmiddlewaretoken=token_of(back)).status_code == 302
    assert "differently" not in client.get(write_address(closed_shop)).content.decode()


def test_a_wrong_password_keeps_the_text(client, closed_shop, member):
    page = send(client, closed_shop)
    data = {"username": "ada1815", "password": "wrong", "body": "An hour's work", "next": write_address(closed_shop)}
    again = client.post("/comments/sign-in/", {**data, "csrfmiddlewaretoken": token_of(page)})
    assert again.status_code == 200
    assert "An hour&#x27;s work" in again.content.decode()
    assert f'name="next" value="{write_address(closed_shop)}"' in again.content.decode()


def test_what_is_missing_is_named(client):
    token = token_of(client.get("/comments/sign-in/"))
    page = client.post("/comments/sign-in/", {"csrfmiddlewaretoken": token}).content.decode()
    assert "Enter your username." in page
    assert "Enter your password." in page


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, member, address):
    token = token_of(client.get("/comments/sign-in/"))
    data = {"username": "ada1815", "password": "a long secret", "csrfmiddlewaretoken": token, "next": address}
    assert client.post("/comments/sign-in/", data)["Location"] == "/"


def test_signing_in_asks_for_a_token(client, member):
    assert client.post("/comments/sign-in/", {"username": "ada1815", "password": "a long secret"}).status_code == 403


def test_passwords_are_not_tried_without_end(client, member):
    token = token_of(client.get("/comments/sign-in/"))
    data = {"username": "ada1815", "password": "wrong", "csrfmiddlewaretoken": token}
    answers = [client.post("/comments/sign-in/", data).status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]


def test_who_signs_out_is_signed_out(client, member):
    post = make_post()
    client.force_login(member)
    token = token_of(client.get(write_address(post)))
    data = {"csrfmiddlewaretoken": token, "next": post.get_absolute_url()}
    assert client.post("/comments/sign-out/", data)["Location"] == post.get_absolute_url()
    assert "Signed in as" not in client.get(write_address(post)).content.decode()
    assert client.get("/comments/sign-out/").status_code == 405


@pytest.mark.parametrize("way_back", ["/comments/sign-in/", "/comments/sign-in/?next=/comments/sign-in/"])
def test_signing_in_never_leads_back_to_itself(client, member, way_back):
    client.force_login(member)
    assert client.get("/comments/sign-in/", {"next": way_back})["Location"] == "/"
