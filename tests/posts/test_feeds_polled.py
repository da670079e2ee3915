"""Polls: what is new is told at once, and what is not costs next to nothing."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts import serving
from posts.feeds.views import FeedView
from posts.models import Category, Generation, Post, Series, SiteSettings
from tests.commits import as_if_committed, as_if_long_ago
from tests.factories import make_author, make_category, make_post, make_series
from tests.feeds import PATHS, parse

pytestmark = pytest.mark.django_db

FEEDS = [f"{page}feed/{path}" for page in ("/", "/category/kitchen/") for path in PATHS.values()]
ADDRESSES = pytest.mark.parametrize("address", FEEDS)


@pytest.fixture
def bread() -> Post:
    return make_post(
        "Bread",
        slug="bread",
        author=make_author("Ada"),
        categories=[make_category("Kitchen")],
        tags=["baking"],
        body="Knead it. " * 100,
        publish_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        series=make_series("Baking"),
    )


@pytest.fixture
def settled(bread) -> None:
    as_if_long_ago()


def poll(client: Any, address: str, known: Any = None, **headers: str) -> Any:
    """Ask as a reader does who has the answer `known`, by its ETag and its date."""
    if known is not None:
        headers |= {"if-none-match": known.headers["ETag"], "if-modified-since": known.headers["Last-Modified"]}
    return client.get(address, headers=headers)


def shifted(date: str, seconds: int) -> str:
    return format_datetime(parsedate_to_datetime(date) + timedelta(seconds=seconds), usegmt=True)


@ADDRESSES
@pytest.mark.usefixtures("settled")
class TestNothingNew:
    @pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', 'W/"x",W/{} , "y"', "*"])
    def test_a_known_etag_gets_304(self, address, shape, client):
        etag = client.get(address).headers["ETag"]
        assert etag.startswith('"'), "a strong one"
        response = client.get(address, headers={"if-none-match": shape.format(etag)})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["ETag"] == etag
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"

    def test_a_known_date_gets_304(self, address, client):
        modified = client.get(address).headers["Last-Modified"]
        assert client.get(address, headers={"if-modified-since": modified}).status_code == 304
        for seconds, status in [(-1, 200), (1, 304)]:
            date = shifted(modified, seconds)
            assert client.get(address, headers={"if-modified-since": date}).status_code == status

    def test_the_etag_decides_where_both_are_given(self, address, client):
        first = client.get(address)
        old, new = "Thu, 01 Jan 1970 00:00:00 GMT", first.headers["Last-Modified"]
        for etag, date, status in [(first.headers["ETag"], old, 304), ('"other"', new, 200)]:
            headers = {"if-none-match": etag, "if-modified-since": date}
            assert client.get(address, headers=headers).status_code == status

    @pytest.mark.parametrize("encoding", ["", "gzip", "br"])
    def test_any_answer_costs_one_query(self, address, encoding, client):
        known = poll(client, address, **{"accept-encoding": encoding})
        for asked, status in [(None, 200), (known, 304)]:
            with CaptureQueriesContext(connection) as queries:
                assert poll(client, address, asked, **{"accept-encoding": encoding}).status_code == status
            assert len(queries) == 1
            assert "posts_generation" in queries[0]["sql"]

    def test_head_is_answered_alike(self, address, client):
        got, head = client.get(address), client.head(address)
        assert head.content == b""
        same = ("ETag", "Last-Modified", "Content-Length", "Content-Type", "Vary", "Cache-Control")
        assert [head.headers[name] for name in same] == [got.headers[name] for name in same]
        assert client.head(address, headers={"if-none-match": got.headers["ETag"]}).status_code == 304
        assert client.head(address, headers={"if-modified-since": got.headers["Last-Modified"]}).status_code == 304

    def test_every_process_gives_the_same_bytes(self, address, client):
        one = client.get(address)
        serving.feeds.clear()
        other = client.get(address)
        assert (other.content, other.headers["ETag"]) == (one.content, one.headers["ETag"])

    @pytest.mark.parametrize("garbage", ["yesterday", "Thu, 99 Jan 2026 00:00:00 GMT", "x" * 5000])
    def test_an_unreadable_date_is_none(self, address, garbage, client):
        assert client.get(address, headers={"if-modified-since": garbage}).status_code == 200


@pytest.mark.usefixtures("settled")
class TestEncodings:
    @pytest.mark.parametrize(
        ("accepted", "encoding"),
        [
            ("gzip, deflate, br", "br"),
            ("gzip, deflate", "gzip"),
            ("GZIP", "gzip"),
            ("br;q=0.5, gzip;q=0.8", "gzip"),
            ("br;q=0, gzip", "gzip"),
            ("*", "br"),
            ("br;q=0, *;q=0.1", "gzip"),
            ("gzip;q=0", None),
            ("identity, gzip;q=0.5", None),
            ("gzip;q=much", None),
            ("deflate", None),
            ("", None),
        ],
    )
    def test_the_reader_chooses(self, accepted, encoding, client):
        response = client.get("/feed/", headers={"accept-encoding": accepted})
        assert response.headers.get("Content-Encoding") == encoding
        assert response.headers["Vary"] == "Accept-Encoding"
        assert response.headers["ETag"].startswith('"'), "no middleware has made it a weak one"
        assert int(response.headers["Content-Length"]) == len(response.content)

    def test_each_is_the_same_feed_under_an_etag_of_its_own(self, client):
        plain, packed, pressed = (
            client.get("/feed/", headers={"accept-encoding": name}) for name in ("", "gzip", "br")
        )
        assert gzip.decompress(packed.content) == brotli.decompress(pressed.content) == plain.content
        assert len({response.headers["ETag"] for response in (plain, packed, pressed)}) == 3

    def test_an_etag_is_known_in_its_own_encoding_alone(self, client):
        etag = client.get("/feed/", headers={"accept-encoding": "gzip"}).headers["ETag"]
        for encoding, status in [("gzip", 304), ("br", 200), ("", 200)]:
            headers = {"accept-encoding": encoding, "if-none-match": etag}
            assert client.get("/feed/", headers=headers).status_code == status


def renamed(post: Post) -> Post:
    post.title = "Rye"
    return post


CHANGES = {
    "publish": lambda post: make_post("Rye", categories=post.categories.all()),
    "edit": lambda post: renamed(post).save(),
    "update": lambda post: Post.objects.filter(pk=post.pk).update(title="Rye"),
    "trash": lambda post: post.delete(),
    "unpublish": lambda post: Post.objects.filter(pk=post.pk).update(status="draft"),
    "keep out of feeds": lambda post: Post.objects.filter(pk=post.pk).update(in_feeds=False),
    "tag": lambda post: post.tags.add("rye"),
    "untag": lambda post: post.tags.clear(),
    "category": lambda post: post.categories.clear(),
    "category name": lambda post: Category.objects.update(name="Bakery"),
    "author name": lambda post: type(post.author).objects.update(display_name="Augusta"),
    "settings": lambda post: SiteSettings(title="Crumbs").save(),
    "bulk": lambda post: Post.objects.bulk_update([renamed(post)], ["title"]),
    "purge": lambda post: post.purge(),
}


@ADDRESSES
@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen_at_once(change, address, settled, bread, client):
    known = client.get(address)
    CHANGES[change](bread)
    as_if_committed()
    etag, date = known.headers["ETag"], known.headers["Last-Modified"]
    assert client.get(address, headers={"if-none-match": etag}).status_code == 200
    assert client.get(address, headers={"if-modified-since": date}).status_code == 200
    assert client.head(address, headers={"if-none-match": etag}).status_code == 200


def test_the_name_of_a_series_is_seen_at_once(settled, bread, client):
    known = client.get("/series/baking/feed/")
    Series.objects.update(title="Kneading")
    as_if_committed()
    assert poll(client, "/series/baking/feed/", known).status_code == 200


@ADDRESSES
@pytest.mark.parametrize("field", ["publish_at", "unpublish_at"])
def test_time_alone_makes_it_new(field, address, settled, bread, client, monkeypatch):
    now = timezone.now()
    Post.objects.filter(pk=bread.pk).update(**{field: now + timedelta(minutes=10)})
    as_if_committed()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=9, seconds=59))
    known = client.get(address)
    assert poll(client, address, known).status_code == 304
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=10))
    for header, date in [("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")]:
        assert client.get(address, headers={header: known.headers[date]}).status_code == 200
    assert client.get(address).content != known.content


ELSEWHERE = {
    "a draft": lambda: make_post("Draft", status="draft", publish_at=None),
    "a post kept out of feeds": lambda: make_post("Silent", in_feeds=False),
    "another category": lambda: make_category("Garden"),
    "a comment count": lambda: Post.objects.update(comment_count=5),
    "a setting of the pages": lambda: SiteSettings(posts_per_page=7).save(),
}


@ADDRESSES
@pytest.mark.parametrize("change", ELSEWHERE)
def test_what_changes_elsewhere_is_nothing_new(change, address, settled, client):
    SiteSettings().save()
    as_if_long_ago()
    known = client.get(address)
    ELSEWHERE[change]()
    as_if_committed()
    assert poll(client, address, known).status_code == 304
    date = {"if-modified-since": known.headers["Last-Modified"]}
    assert client.get(address, headers=date).status_code == 304


def test_another_category_is_nothing_new_to_this_one(settled, client):
    known = poll(client, "/category/kitchen/feed/")
    make_post("Weeds", categories=[make_category("Garden")])
    as_if_committed()
    assert poll(client, "/category/kitchen/feed/", known).status_code == 304
    assert len(parse(client.get("/feed/")).entries) == 2


class TestDates:
    """HTTP dates have no fractions, and a process may have missed what another one showed."""

    def test_none_is_given_until_the_dust_has_settled(self, bread, client, monkeypatch):
        as_if_committed()
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)
        Generation.objects.update(changed_at=now)
        assert "Last-Modified" not in client.get("/feed/").headers
        monkeypatch.setattr(timezone, "now", lambda: now + serving.SETTLING)
        assert client.get("/feed/").headers["Last-Modified"] == format_datetime(now.astimezone(UTC), usegmt=True)

    def test_a_post_back_from_the_trash_does_not_bring_back_the_date(self, settled, bread, client):
        both = client.get("/feed/")
        bread.delete()
        as_if_long_ago()
        without = client.get("/feed/")
        bread.restore()
        Generation.objects.update(changed_at=timezone.now() - timedelta(minutes=3))
        again = client.get("/feed/")
        assert again.content == both.content
        assert again.headers["ETag"] == both.headers["ETag"]
        date = {"if-modified-since": without.headers["Last-Modified"]}
        assert client.get("/feed/", headers=date).status_code == 200

    def test_a_date_that_this_process_did_not_see_is_unknown(self, settled, bread, client):
        """Another process has shown the feed without the post, and dated it; this one sleeps through that."""
        kept = client.get("/feed/")
        shown_elsewhere = shifted(kept.headers["Last-Modified"], 60)
        Generation.objects.update(number=99, changed_at=timezone.now() - timedelta(minutes=2))
        response = client.get("/feed/", headers={"if-modified-since": shown_elsewhere})
        assert response.status_code == 200
        assert response.content == kept.content
        assert client.get("/feed/", headers={"if-modified-since": kept.headers["Last-Modified"]}).status_code == 304

    def test_what_changes_while_a_feed_is_made_is_not_kept(self, settled, bread, client, monkeypatch):
        make, made = serving.made, []

        def made_late(*arguments: Any) -> serving.Copy:
            if not made:
                made.append(Post.objects.update(title="Meanwhile"))
                as_if_committed()
            return make(*arguments)

        monkeypatch.setattr(serving, "made", made_late)
        response = client.get("/feed/")
        assert parse(response).entries[0].title == "Meanwhile"
        assert "Last-Modified" not in response.headers
        Post.objects.update(title="Afterwards")
        as_if_committed()
        assert parse(client.get("/feed/")).entries[0].title == "Afterwards"


class TestTheShelf:
    def copy(self, content: bytes) -> serving.Copy:
        return serving.Copy(serving.Document(content, "text/plain", ""), None)

    def test_what_was_asked_for_least_lately_makes_room(self):
        shelf = serving.Shelf(room=10)
        first, second, third = (self.copy(b"12345") for _ in range(3))
        shelf.put(("a", ""), first)
        shelf.put(("b", ""), second)
        assert shelf.get(("a", "")) is first
        shelf.put(("c", ""), third)
        assert [shelf.get((name, "")) for name in "abc"] == [first, None, third]

    def test_a_new_copy_takes_the_place_of_the_old_one(self):
        shelf = serving.Shelf(room=10)
        for _ in range(5):
            shelf.put(("a", ""), self.copy(b"12345"))
        shelf.put(("b", ""), self.copy(b"12345"))
        assert shelf.get(("a", ""))

    def test_what_is_larger_than_the_shelf_is_not_kept(self):
        shelf = serving.Shelf(room=10)
        shelf.put(("a", ""), self.copy(b"12345678901"))
        assert shelf.get(("a", "")) is None

    @pytest.mark.usefixtures("settled")
    def test_further_pages_take_no_room(self, client, monkeypatch):
        shelf = serving.Shelf()
        monkeypatch.setattr(FeedView, "shelf", shelf)
        known = client.get("/feed/?before=2100-01-01T00:00:00Z_1")
        assert known.status_code == 200
        assert poll(client, "/feed/?before=2100-01-01T00:00:00Z_1", known).status_code == 304
        assert shelf.get(("http://testserver", "/feed/")) is None
        client.get("/feed/")
        assert shelf.get(("http://testserver", "/feed/"))

    @pytest.mark.usefixtures("settled")
    def test_each_host_has_its_own_copies(self, client, settings):
        settings.ALLOWED_HOSTS = ["one.example.org", "two.example.org"]
        for host in settings.ALLOWED_HOSTS:
            answer = client.get("/feed/", headers={"host": host})
            assert f"http://{host}/posts/bread/".encode() in answer.content

    @pytest.mark.usefixtures("settled")
    def test_what_is_missing_is_not_kept(self, client):
        assert client.get("/tag/rye/feed/").status_code == 404
        make_post(tags=["rye"])
        as_if_committed()
        assert client.get("/tag/rye/feed/").status_code == 200
