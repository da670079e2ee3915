"""What subscribers pull: whole, stable, and free when nothing is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts import generation
from posts.models import Category, Post, SiteSettings
from tests.commits import as_if_committed, as_if_long_ago
from tests.factories import make_author, make_category, make_post
from tests.feeds import parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def kitchen() -> Category:
    return make_category("Kitchen", description="Of bread and butter.")


@pytest.fixture
def bread(kitchen) -> Post:
    return make_post(
        "Bread & salt <now>",
        slug="bread",
        author=make_author("Ada Lovelace"),
        categories=[kitchen],
        tags=["baking"],
        body="## Dough\n\nKnead it, then [wait](/posts/patience/).\n\nA note.[^1]\n\n[^1]: Or two.",
        publish_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def test_an_item_carries_the_whole_post(bread, client):
    response = client.get("/feed/")
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    item = parse(response).entries[0]
    assert item.title == "Bread & salt <now>"
    assert item.link == "http://testserver/posts/bread/"
    assert item.author == "Ada Lovelace"
    assert {tag.term for tag in item.tags} == {"Kitchen", "baking"}
    assert datetime(*item.published_parsed[:6], tzinfo=UTC) == bread.publish_at
    content = item.content[0].value
    assert "Knead it" in content
    assert ">Dough</h2>" in content, "without the link to itself that the page shows"
    assert 'href="http://testserver/posts/patience/"' in content
    assert 'href="http://testserver/posts/bread/#' in content, "a footnote leads to the post's page"


def test_a_summary_is_no_markup(client):
    make_post(summary="Of <b> and <i>, & why")
    assert unescape(parse(client.get("/feed/")).entries[0].summary) == "Of <b> and <i>, & why"


def test_the_feed_names_itself_and_the_site(bread, client):
    SiteSettings(title="Crumbs", description="A blog about bread.", language="de").save()
    feed = parse(client.get("/feed/")).feed
    assert (feed.title, feed.subtitle, feed.language) == ("Crumbs", "A blog about bread.", "de")
    assert [link.href for link in feed.links if link.rel == "self"] == ["http://testserver/feed/"]


def test_a_canonical_origin_wins_over_the_request(bread, client, settings):
    settings.SITE_URL = "https://blog.example.org"
    assert parse(client.get("/feed/")).entries[0].link == "https://blog.example.org/posts/bread/"


def test_a_category_has_its_own_feed_with_the_posts_below_it(bread, kitchen, client):
    child = make_category("Ovens", parent=kitchen)
    make_post("Heat", categories=[child])
    make_post("Elsewhere", categories=[make_category("Garden")])
    feed = parse(client.get("/category/kitchen/feed/"))
    assert [item.title for item in feed.entries] == ["Heat", bread.title]
    assert feed.feed.title.startswith("Kitchen")


def test_the_guid_survives_a_new_slug(bread, client):
    before = parse(client.get("/feed/")).entries[0].id
    bread.slug = "sourdough"
    bread.save()
    after = parse(client.get("/feed/")).entries[0]
    assert after.id == before == bread.guid
    assert after.link.endswith("/posts/sourdough/")


def test_a_control_character_does_not_break_the_feed(client):
    make_post("Vertical\x0btab", body="Form\x0cfeed \ufffe and \x00 null.")
    assert parse(client.get("/feed/")).entries[0].title == "Verticaltab"


@pytest.fixture
def settled(bread):
    as_if_long_ago()


class TestNothingNew:
    @pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
    def test_a_known_etag_gets_304(self, shape, settled, client):
        etag = client.get("/feed/").headers["ETag"]
        response = client.get("/feed/", headers={"if-none-match": shape.format(etag)})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["ETag"] == etag

    def test_a_known_date_gets_304(self, settled, client):
        modified = client.get("/feed/").headers["Last-Modified"]
        assert client.get("/feed/", headers={"if-modified-since": modified}).status_code == 304
        earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
        assert client.get("/feed/", headers={"if-modified-since": earlier}).status_code == 200

    def test_304_asks_one_query_and_no_post(self, settled, client):
        etag = client.get("/feed/").headers["ETag"]
        with CaptureQueriesContext(connection) as queries:
            client.get("/feed/", headers={"if-none-match": etag})
        assert len(queries) == 1
        assert "posts_generation" in queries[0]["sql"]

    def test_head_is_answered_alike(self, settled, client):
        got, head = client.get("/feed/"), client.head("/feed/")
        assert head.headers["ETag"] == got.headers["ETag"]
        assert head.content == b""

    def test_within_the_second_of_a_change_no_date_is_given(self, bread, client, monkeypatch):
        as_if_committed()
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)
        generation.Generation.objects.update(changed_at=now)
        assert "Last-Modified" not in client.get("/feed/").headers


def retitled(post: Post) -> Post:
    post.title = "Rye"
    return post


CHANGES = {
    "save": lambda post: retitled(post).save(),
    "update": lambda post: Post.objects.filter(pk=post.pk).update(title="Rye"),
    "trash": lambda post: post.delete(),
    "tag": lambda post: post.tags.add("rye"),
    "untag": lambda post: post.tags.clear(),
    "category": lambda post: post.categories.clear(),
    "category name": lambda post: Category.objects.update(name="Bakery"),
    "author name": lambda post: type(post.author).objects.update(display_name="Augusta"),
    "settings": lambda post: SiteSettings(title="Crumbs").save(),
    "bulk": lambda post: Post.objects.bulk_update([retitled(post)], ["title"]),
    "purge": lambda post: post.purge(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen_at_once(change, settled, bread, client):
    etag = client.get("/feed/").headers["ETag"]
    CHANGES[change](bread)
    as_if_committed()
    assert client.get("/feed/", headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("field", ["publish_at", "unpublish_at"])
def test_time_alone_makes_it_new(field, settled, bread, client, monkeypatch):
    now = timezone.now()
    Post.objects.filter(pk=bread.pk).update(**{field: now + timedelta(minutes=1)})
    as_if_committed()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=59))
    etag = client.get("/feed/").headers["ETag"]
    shown = len(parse(client.get("/feed/")).entries)
    assert client.get("/feed/", headers={"if-none-match": etag}).status_code == 304
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=1))
    response = client.get("/feed/", headers={"if-none-match": etag})
    assert response.status_code == 200
    assert len(parse(response).entries) != shown


def test_a_comment_count_is_nothing_new(settled, bread, client):
    etag = client.get("/feed/").headers["ETag"]
    Post.objects.filter(pk=bread.pk).update(comment_count=5)
    as_if_committed()
    assert client.get("/feed/", headers={"if-none-match": etag}).status_code == 304
