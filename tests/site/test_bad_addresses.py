"""Whatever is asked for, the answer is a page, a redirect or a 404; never a 500."""

from __future__ import annotations

import pytest

from tests.factories import make_category, make_post

pytestmark = pytest.mark.django_db

BAD = [
    "/?before=garbage",
    "/?after=",
    "/?before=%00",
    "/?before=%ff",
    "/?before=9999-12-31T23:59:59.999999Z_999999999999999999999",
    "/category/kitchen/?before=-1",
    "/1899/",
    "/2100/",
    "/9999/12/",
    "/2026/13/",
    "/2026/00/",
    "/2026/1/",
    "/posts/%00/",
    "/posts/%ff%fe/",
    "/posts/" + "a" * 3000 + "/",
    "/%c3%28/",
    "/%00",
    "/..%2f..%2fetc/passwd",
    "/media/../blogsite/settings.py",
    "/media/%2e%2e/db.sqlite3",
    "/media/%00",
    "/media/" + "a" * 3000,
    "/media/",
    "/tag/%F0%9F%98%80/",
    "/feed",
    "/feed/?x=" + "y" * 5000,
    "/posts/\u202e/",
]


@pytest.mark.parametrize("address", BAD)
def test_no_address_breaks_the_site(address, client):
    make_post(slug="a-post", categories=[make_category("Kitchen")])
    response = client.get(address)
    assert response.status_code in {200, 301, 302, 400, 404}


@pytest.mark.parametrize("address", [address for address in BAD if "before" in address])
def test_a_malformed_position_is_missing(address, client):
    make_category("Kitchen")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_take_no_other_method(method, client):
    assert getattr(client, method)("/").status_code == 405


def test_a_missing_page_offers_search_and_recent_posts(client):
    make_post("The newest one")
    response = client.get("/nothing/here/")
    assert response.status_code == 404
    assert b"The newest one" in response.content
    assert b'action="/search/"' in response.content


def test_a_missing_slash_is_added(client):
    make_post(slug="a-post")
    assert client.get("/posts/a-post").headers["Location"] == "/posts/a-post/"
