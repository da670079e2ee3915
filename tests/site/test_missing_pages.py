"""A missing page helps whoever reads it: it tells what may have been meant, and never what is hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts.models import Post
from posts.ways import guessing
from tests.factories import make_author, make_category, make_page, make_post, make_series

pytestmark = pytest.mark.django_db

HIDDEN = {
    "draft": {"status": "draft"},
    "scheduled": {"publish_at": timezone.now() + timedelta(days=1)},
    "expired": {"unpublish_at": timezone.now() - timedelta(minutes=1)},
    "trashed": {"deleted_at": timezone.now()},
    "private": {"visibility": "private"},
    "unlisted": {"visibility": "unlisted"},
}


def suggested(client: Client, address: str) -> list[str]:
    response = client.get(address)
    assert response.status_code == 404, address
    return [post.title for post in response.context["meant"].posts]


@pytest.mark.parametrize(
    "address",
    [
        "/posts/rye-bread-for-beginn/",
        "/posts/rye-bread-for-beginners.html",
        "/posts/Rye-Bread-For-Beginners/",
        "/posts/rye%20bread%20for%20beginners/",
        "/posts/rye_bread_for_beginners/",
        "/posts/rye%2520bread/",
        "/2024/05/01/rye-bread-for-beginners/",
        "/2024-05-01-rye-bread-for-beginners/",
        "/kitchen/rye-bread-for-beginners/",
        "/rye-bread-for-beginners/index.html",
        "/posts/rye-bread-for-beginners/amp/",
        "/posts/rye-braed-for-beginers/",
    ],
)
def test_a_slip_in_an_address_leads_to_the_post(client, address):
    make_post("Rye bread for beginners", slug="rye-bread-for-beginners")
    make_post("Something else entirely")
    assert suggested(client, address)[0] == "Rye bread for beginners"


def test_pages_categories_tags_authors_and_series_are_known_by_their_slugs(client):
    make_page("About us", slug="about")
    post = make_post(author=make_author("Ada"), categories=[make_category("Kitchen")], series=make_series("Baking"))
    post.tags.set(["bread"])
    for slug, address in {
        "about": "/about/",
        "Kitchen": "/category/kitchen/",
        "bread": "/tag/bread/",
        "ada": "/author/ada/",
        "baking": "/series/baking/",
    }.items():
        assert f'href="{address}"'.encode() in client.get(f"/blog/{slug}").content, slug


def test_the_words_of_the_address_stand_in_the_search_box(client):
    page = client.get("/posts/sour-dough/").content.decode()
    assert 'name="q" value="sour dough"' in page
    assert '<meta name="robots" content="noindex' in page


def test_without_a_likeness_the_newest_posts_are_offered(client):
    make_post("The newest one")
    assert b"The newest one" in client.get("/zzzzzz/").content


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_is_hidden_gets_the_page_of_what_never_was(client, kind):
    author, series = make_author("Zora"), make_series("Zeppelins")
    post = make_post(
        "Zeppelins over the sea", slug="zeppelins-over-the-sea", author=author, series=series, tags=["zzz"]
    )
    make_post("Of bread")
    addresses = ["/posts/zeppelins-over/", "/zeppelins/", "/author/zora/", "/zora/", "/zzz/", "/posts/zeppelin-sea/"]
    Post.all_objects.filter(pk=post.pk).update(**HIDDEN[kind])
    if kind != "unlisted":
        addresses.append("/posts/zeppelins-over-the-sea/")
    with_it = [client.get(address).content for address in addresses]
    Post.all_objects.filter(pk=post.pk).purge()
    author.delete()
    series.delete()
    assert with_it == [client.get(address).content for address in addresses]


def test_nothing_of_an_address_is_written_unescaped(client):
    for address in ("/%22%3E%3Czq/", "/posts/%22%3E%3Czq%3E/", "/<zq x=1>/", "/%2522%253E%253Czq/"):
        assert b"<zq" not in client.get(address).content


@pytest.mark.parametrize("address", ["/wp-login.php", "/.env", "/.git/config", "/static/missing.js", "/old/backup.zip"])
def test_what_no_reader_asks_for_costs_almost_nothing(client, address):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/plain")
    assert len(queries) <= 1, "whether it has moved"


def test_a_flood_of_missing_pages_stays_cheap(client):
    for number in range(20):
        make_post(f"Rye bread {number}", categories=[make_category()])
    for address in ("/posts/rye-braed/", "/" + "rye-bread-" * 300 + "/", "/rye" * 500 + "/", "/zzz/"):
        with CaptureQueriesContext(connection) as guesses:
            guessing.guess(address)
        with CaptureQueriesContext(connection) as page:
            assert client.get(address).status_code == 404
        assert len(guesses) <= 8, address
        assert len(page) <= 12, address
