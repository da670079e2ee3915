"""What search engines find the pages by: whole, true, and as cheap for a million posts as for ten."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts import sitemaps
from posts.models import Post, SiteSettings, Tag
from posts.models.blocks import SIZE
from tests.commits import as_if_committed
from tests.factories import make_author, make_category, make_draft, make_image, make_page, make_post, make_series

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "low_ids")]

NAMES = {"s": sitemaps.NAMESPACE, "x": sitemaps.XHTML, "i": sitemaps.IMAGES}
HOST = "http://testserver"


def fetched(client, address: str) -> ElementTree.Element:
    response = client.get(address)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return ElementTree.fromstring(response.content)


def texts(root: ElementTree.Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path, NAMES)]


def found(client, kind: str, number: int = 0) -> list[str]:
    """The paths in a part."""
    return [loc.removeprefix(HOST) for loc in texts(fetched(client, f"/sitemap-{kind}-{number}.xml"), "s:url/s:loc")]


def test_the_index_names_every_part_that_holds_anything(client):
    assert texts(fetched(client, "/sitemap.xml"), "s:sitemap/s:loc") == [f"{HOST}/sitemap-site-0.xml"]
    make_page("About")
    author, category, series = make_author("Ada"), make_category("Kitchen"), make_series("Baking")
    for _ in range(2):
        make_post(author=author, categories=[category], series=series, tags=["bread"])
    as_if_committed()
    parts = texts(fetched(client, "/sitemap.xml"), "s:sitemap/s:loc")
    assert parts == [f"{HOST}/sitemap-{kind}-0.xml" for kind in sitemaps.KINDS]
    assert found(client, "site") == ["/", "/archive/", "/tags/", "/feeds/"]
    assert found(client, "pages") == ["/about/"]
    assert found(client, "categories") == ["/category/kitchen/"]
    assert found(client, "tags") == ["/tag/bread/"]
    assert found(client, "authors") == ["/author/ada/"]
    assert found(client, "series") == ["/series/baking/"]
    assert len(found(client, "posts")) == 2


def test_the_pages_of_every_site_answer_even_where_nothing_is_published(client):
    for path in found(client, "site"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert b'<meta name="robots"' not in response.content, path
        assert b'<meta name="description"' in response.content or path == "/", path


def test_a_post_says_when_it_changed_last(client):
    scheduled = make_post("Written long before", publish_at=datetime(2026, 3, 1, 8, tzinfo=UTC))
    edited = make_post("Changed since", publish_at=datetime(2026, 1, 1, 8, tzinfo=UTC))
    Post.objects.filter(pk=scheduled.pk).update(updated_at=datetime(2026, 2, 1, 8, tzinfo=UTC))
    Post.objects.filter(pk=edited.pk).update(updated_at=datetime(2026, 2, 2, 8, tzinfo=UTC))
    dates = texts(fetched(client, "/sitemap-posts-0.xml"), "s:url/s:lastmod")
    assert dates == ["2026-03-01T08:00:00Z", "2026-02-02T08:00:00Z"]
    assert texts(fetched(client, "/sitemap.xml"), "s:sitemap/s:lastmod") == ["2026-03-01T08:00:00Z"]


def test_pictures_of_ours_stand_with_their_page(client):
    cover, inside = make_image(), make_image()
    body = f"![]({inside.file.url})\n\n![]({inside.file.url})\n\n![](https://elsewhere.example/x.png)"
    make_post(cover=cover, body=body)
    images = texts(fetched(client, "/sitemap-posts-0.xml"), "s:url/i:image/i:loc")
    assert images == [f"{HOST}{image.file.url}" for image in (cover, inside)]


def test_versions_in_other_languages_are_named(client):
    key = uuid.uuid4()
    make_post("Bread", slug="bread", translation_key=key)
    make_post("Brot", slug="brot", language="de", translation_key=key)
    make_draft("Pan", slug="pan", language="es", translation_key=key)
    root = fetched(client, "/sitemap-posts-0.xml")
    links = [(link.get("hreflang"), link.get("href")) for link in root.iterfind("s:url[1]/x:link", NAMES)]
    assert set(links) == {
        ("de", f"{HOST}/posts/brot/"),
        ("en", f"{HOST}/posts/bread/"),
        ("x-default", f"{HOST}/posts/bread/"),
    }


HIDDEN = {
    "draft": lambda: {"status": "draft"},
    "scheduled": lambda: {"publish_at": timezone.now() + timedelta(days=1)},
    "expired": lambda: {"unpublish_at": timezone.now() - timedelta(minutes=1)},
    "trashed": lambda: {"deleted_at": timezone.now()},
    "private": lambda: {"visibility": "private"},
    "unlisted": lambda: {"visibility": "unlisted"},
}


@pytest.mark.parametrize("kind", HIDDEN)
def test_nothing_hidden_has_a_part_nor_what_only_hidden_posts_have(kind, client):
    post = make_post(categories=[make_category()], series=make_series(), tags=["one", "two"])
    make_post(tags=["one", "two"])
    Post.all_objects.update(**HIDDEN[kind]())
    as_if_committed()
    assert texts(fetched(client, "/sitemap.xml"), "s:sitemap/s:loc") == [f"{HOST}/sitemap-site-0.xml"]
    for part in sitemaps.KINDS[1:]:
        assert client.get(f"/sitemap-{part}-0.xml").status_code == 404, (part, post)


def test_the_tag_of_a_single_post_is_too_thin(client):
    make_post(tags=["lonely"])
    assert Tag.objects.exists()
    assert client.get("/sitemap-tags-0.xml").status_code == 404


def test_an_author_who_only_helped_is_found(client):
    make_post(author=make_author("Ada")).co_authors.add(make_author("Grace"))
    assert found(client, "authors") == ["/author/ada/", "/author/grace/"]


@pytest.mark.parametrize(
    "address", ["posts-1", "posts-00", "posts--1", "posts-99999999999999", "cats-0", "tags-9999999999999", "site-1"]
)
def test_a_part_that_there_is_not_is_missing(address, client):
    make_post()
    assert client.get(f"/sitemap-{address}.xml").status_code == 404


def test_posts_far_apart_in_their_numbers_stand_in_parts_of_their_own(client):
    for pk in (3, SIZE - 1, SIZE, 7 * SIZE + 1, 10**9):
        make_post(pk=pk, slug=f"post-{pk}")
    make_draft(pk=3 * SIZE, slug="draft")
    with CaptureQueriesContext(connection) as queries:
        parts = texts(fetched(client, "/sitemap.xml"), "s:sitemap/s:loc")
    numbers = [int(part.rsplit("-", 1)[1][:-4]) for part in parts if "-posts-" in part]
    assert numbers == [0, 1, 7, 10**9 // SIZE]
    assert len(queries) <= 20
    assert found(client, "posts", 1) == [f"/posts/post-{SIZE}/"]
    assert found(client, "posts", 0) == ["/posts/post-3/", f"/posts/post-{SIZE - 1}/"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by the size of the table: none here")
def test_the_index_jumps_from_part_to_part_and_to_its_last_change():
    with CaptureQueriesContext(connection) as queries:
        sitemaps.parts()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}")
        plan = "\n".join(row[-1] for row in cursor.fetchall())
    assert "SEARCH posts_post USING INDEX post_in_sitemap (<expr>>?)" in plan
    assert "SEARCH posts_post USING INDEX post_in_sitemap (<expr>=?)" in plan
    assert "TEMP B-TREE" not in plan


def test_many_posts_cost_what_few_cost(client):
    def populate(number: int) -> None:
        for _ in range(number):
            post = make_post(cover=make_image(), categories=[make_category()], translation_key=uuid.uuid4())
            make_post(language="de", translation_key=post.translation_key)
        as_if_committed()

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    populate(1)
    few = [queries_of(address) for address in ("/sitemap.xml", "/sitemap-posts-0.xml", "/sitemap-categories-0.xml")]
    populate(10)
    many = [queries_of(address) for address in ("/sitemap.xml", "/sitemap-posts-0.xml", "/sitemap-categories-0.xml")]
    assert many == few


def test_who_has_it_already_costs_one_query_until_something_changes(client, django_assert_num_queries):
    post = make_post()
    as_if_committed()
    etag = client.get("/sitemap-posts-0.xml").headers["ETag"]
    with django_assert_num_queries(1):
        assert client.get("/sitemap-posts-0.xml", headers={"if-none-match": etag}).status_code == 304
    make_post("Another")
    as_if_committed()
    again = client.get("/sitemap-posts-0.xml", headers={"if-none-match": etag})
    assert again.status_code == 200
    post.delete()
    as_if_committed()
    assert post.get_absolute_url().encode() not in client.get("/sitemap-posts-0.xml").content


def test_a_change_of_a_page_turns_the_sitemap_and_no_feed(client):
    page = make_page("About")
    make_post()
    as_if_committed()
    sitemap, feed = (client.get(address).headers["ETag"] for address in ("/sitemap-pages-0.xml", "/feed/"))
    type(page).objects.filter(pk=page.pk).update(updated_at=timezone.now() + timedelta(hours=1))
    as_if_committed()
    assert client.get("/sitemap-pages-0.xml", headers={"if-none-match": sitemap}).status_code == 200
    assert client.get("/feed/", headers={"if-none-match": feed}).status_code == 304


def test_a_draft_page_is_left_out(client):
    make_page("Secret", status="draft")
    make_page("About")
    assert found(client, "pages") == ["/about/"]


def test_addresses_are_whole_and_escaped(client, settings):
    settings.SITE_URL = "https://blog.example.org"
    make_post(slug="日本")
    root = fetched(client, "/sitemap-posts-0.xml")
    assert texts(root, "s:url/s:loc") == ["https://blog.example.org/posts/%E6%97%A5%E6%9C%AC/"]


def test_no_part_can_be_longer_than_the_protocol_allows():
    assert SIZE <= 50_000


def test_the_sitemap_of_a_site_with_another_language_speaks_of_that_one(client):
    SiteSettings(language="de").save()
    key = uuid.uuid4()
    make_post(slug="brot", translation_key=key)
    make_post(slug="bread", language="en", translation_key=key)
    root = fetched(client, "/sitemap-posts-0.xml")
    links = {link.get("hreflang"): link.get("href") for link in root.iterfind("s:url[1]/x:link", NAMES)}
    assert links["x-default"] == links["de"] == f"{HOST}/posts/brot/"
