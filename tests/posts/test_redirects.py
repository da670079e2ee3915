"""Old addresses lead to new ones."""

import pytest
from django.contrib.redirects.models import Redirect
from django.utils import timezone

from posts.redirects import leave_forwarding_address
from tests.factories import make_category, make_page, make_post
from tests.posts.desk import change_url, form_of, make_writer

pytestmark = pytest.mark.django_db


def forwarded() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_path", "new_path"))


def test_a_reader_is_sent_on(client):
    post = make_post(slug="rye")
    leave_forwarding_address("/posts/bread/", post.get_absolute_url())
    response = client.get("/posts/bread/")
    assert (response.status_code, response.headers["Location"]) == (301, "/posts/rye/")


def test_a_second_move_leads_straight_to_the_end():
    leave_forwarding_address("/a/", "/b/")
    leave_forwarding_address("/b/", "/c/")
    assert forwarded() == {"/a/": "/c/", "/b/": "/c/"}


def test_a_move_back_goes_in_no_circle():
    leave_forwarding_address("/a/", "/b/")
    leave_forwarding_address("/b/", "/a/")
    assert forwarded() == {"/b/": "/a/"}


def test_an_address_that_is_too_long_is_left_alone():
    leave_forwarding_address("/posts/" + "%E6%97%A5" * 40 + "/", "/b/")
    assert forwarded() == {}


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"visibility": "private"}, {"deleted_at": timezone.now()}])
def test_nobody_is_led_to_what_is_hidden(client, hidden):
    """Its slug may tell what its editors do not want told yet."""
    leave_forwarding_address("/posts/bread/", make_post(slug="brot-ausverkauft", **hidden).get_absolute_url())
    response = client.get("/posts/bread/")
    assert response.status_code == 404
    assert "Location" not in response.headers


def test_nobody_is_led_to_a_hidden_page(client):
    leave_forwarding_address("/imprint/", make_page(slug="about-us", status="draft").get_absolute_url())
    assert client.get("/imprint/").status_code == 404


def test_an_address_of_another_script_is_known_for_hidden_too(client):
    leave_forwarding_address("/a/", make_post(slug="日記", visibility="private").get_absolute_url())
    assert client.get("/a/").status_code == 404


def test_a_reader_is_led_to_any_other_address(client):
    leave_forwarding_address("/old-feed/", "https://elsewhere.example/feed.xml")
    assert client.get("/old-feed/").status_code == 301


@pytest.mark.parametrize("button", ["_save", "_unpublish"])
def test_a_hidden_post_takes_its_new_slug_with_it(client, button):
    anna, profile = make_writer("Anna Reed")
    post = make_post(slug="old", author=profile, categories=[make_category()])
    visibility = "private" if button == "_save" else "public"
    anna.post(change_url(post), form_of(post, slug="secret", visibility=visibility, **{button: ""}))
    post.refresh_from_db()
    assert post.slug == "secret"
    assert client.get("/posts/old/").status_code == 404


@pytest.mark.parametrize(
    ("kept", "asked"),
    [
        ("/old/post/", "/old/post/"),
        ("/old/post/", "/old/post"),
        ("/old/post/", "/old/post/index.html"),
        ("/old/post/", "/old/post/index.php"),
        ("/old/post/", "/Old/POST/"),
        ("/old/post/", "/%6fld/post/"),
        ("/old/post/", "/old/post/?utm_source=mail"),
        ("/old/p.html", "/old/p.html"),
        ("/%E6%97%A5/", "/%e6%97%a5/"),
        ("/old.php?p=12", "/old.php?p=12"),
    ],
)
def test_an_old_address_is_known_however_it_is_spelt(client, kept, asked):
    Redirect.objects.create(site_id=1, old_path=kept, new_path=make_post(slug="rye").get_absolute_url())
    response = client.get(asked)
    assert (response.status_code, response.headers["Location"]) == (301, "/posts/rye/")


def test_what_is_known_to_be_gone_is_gone(client):
    Redirect.objects.create(site_id=1, old_path="/old/", new_path="")
    assert client.get("/old/").status_code == 410


def test_an_address_is_never_led_to_itself(client):
    Redirect.objects.create(site_id=1, old_path="/a/", new_path="/A/")
    assert client.get("/A/").status_code == 404
