"""The conversation as feeds: what is public, whole and stable, and free when nothing is new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from html import unescape
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import feeds
from comments.models import Comment
from posts.models import Generation, Post, SiteSettings
from tests.commits import as_if_committed, as_if_long_ago
from tests.costs import queries_of
from tests.factories import make_comment, make_post
from tests.feeds import ATOM, PATHS, judge, parse, text_of

pytestmark = pytest.mark.django_db

EVERYWHERE = "/comments/feed/"
BREAD = "/posts/bread/comments/feed/"
IN_ALL_FORMATS = pytest.mark.parametrize(
    ("kind", "address"), [(kind, f"{feed}{path}") for feed in (EVERYWHERE, BREAD) for kind, path in PATHS.items()]
)


@pytest.fixture
def bread() -> Post:
    return make_post("Bread & salt <now>", slug="bread")


@pytest.fixture
def remark(bread) -> Comment:
    return make_comment(
        bread,
        "**Rye** is [better](/posts/rye/), & <so> say *I*.",
        author_name="Grace & Co",
        email="grace@example.org",
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    )


def hours_ago(number: int) -> datetime:
    return timezone.now() - timedelta(hours=number)


@pytest.mark.parametrize("address", [EVERYWHERE, BREAD])
def test_an_item_carries_the_whole_comment(address, remark, client):
    response = client.get(address)
    item = parse(response).entries[0]
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert item.author == "Grace & Co"
    assert item.link == f"http://testserver{remark.get_absolute_url()}"
    assert datetime(*item.published_parsed[:6], tzinfo=UTC) == remark.created_at
    assert unescape(item.summary) == "Rye is better, & <so> say I."
    assert "<strong>Rye</strong>" in item.content[0].value
    assert 'href="http://testserver/posts/rye/"' in item.content[0].value
    assert b"grace@example.org" not in response.content


@IN_ALL_FORMATS
def test_each_format_is_valid_whatever_was_written(kind, address, bread, client):
    make_comment(bread, "]]> & <script>alert(1)</script> [x](//example.org)", author_name="]]>&<b>")
    Comment.objects.bulk_update([changed(comment) for comment in Comment.objects.all()], ["author_name"])
    judge(client.get(address), kind)


def changed(comment: Comment) -> Comment:
    comment.author_name = "Past the \x1b door"
    return comment


@IN_ALL_FORMATS
def test_each_format_has_the_same_ids(kind, address, remark, client):
    response = client.get(address)
    items = response.json()["items"] if kind == "json" else parse(response).entries
    assert [item["id"] for item in items] == [remark.guid]


@IN_ALL_FORMATS
def test_a_feed_without_comments_is_a_feed(kind, address, bread, client):
    judge(client.get(address), kind)


def test_a_reply_says_what_it_answers(remark, client):
    make_comment(remark.post, "No.", parent=remark, created_at=hours_ago(0))
    entries = ElementTree.fromstring(client.get(f"{BREAD}atom/").content).findall(f"{ATOM}entry")
    answered = [entry.find("{http://purl.org/syndication/thread/1.0}in-reply-to").get("ref") for entry in entries]
    assert answered == [remark.guid, remark.post.guid]


def test_words_that_their_writer_changed_are_updated(remark, client):
    Comment.objects.update(edited_at=datetime(2026, 1, 3, tzinfo=UTC))
    entry = ElementTree.fromstring(client.get(f"{BREAD}atom/").content).find(f"{ATOM}entry")
    assert text_of(entry, f"{ATOM}published") == "2026-01-02T03:04:05Z"
    assert text_of(entry, f"{ATOM}updated") == "2026-01-03T00:00:00Z"


@pytest.mark.parametrize("address", [EVERYWHERE, BREAD])
def test_older_comments_are_on_further_pages(address, bread, client, monkeypatch):
    monkeypatch.setattr(feeds, "LENGTH", 2)
    comments = [make_comment(bread, created_at=hours_ago(hours)) for hours in range(5)]
    found, following = [], f"{address}json/"
    while following:
        page = client.get(following).json()
        found += [item["id"] for item in page["items"]]
        following = page.get("next_url")
    assert found == [comment.guid for comment in comments]


def test_the_feeds_name_themselves_and_what_they_follow(remark, client):
    SiteSettings(title="Crumbs", language="en").save()
    everywhere, bread = parse(client.get(EVERYWHERE)), parse(client.get(BREAD))
    assert everywhere.feed.title == "Comments on Crumbs"
    assert everywhere.entries[0].title == "Grace & Co on “Bread & salt <now>”"
    assert bread.feed.title == "Comments on “Bread & salt <now>”"
    assert bread.feed.link == "http://testserver/posts/bread/"
    assert bread.entries[0].title == "Grace & Co"
    assert [link.href for link in bread.feed.links if link.rel == "self"] == [f"http://testserver{BREAD}"]


def test_the_newest_comment_comes_first_and_other_posts_stay_out(bread, client):
    make_comment(bread, "Second.", created_at=hours_ago(2))
    make_comment(bread, "First.", created_at=hours_ago(3))
    make_comment(make_post(), "Elsewhere.", created_at=hours_ago(1))
    assert [item.summary for item in parse(client.get(BREAD)).entries] == ["Second.", "First."]
    assert [item.summary for item in parse(client.get(EVERYWHERE)).entries] == ["Elsewhere.", "Second.", "First."]


@pytest.mark.parametrize("address", [EVERYWHERE, BREAD])
def test_only_what_is_approved_and_not_in_the_trash_shows(address, bread, client):
    make_comment(bread, "Waits.", status="pending")
    make_comment(bread, "Buy pills.", status="spam")
    make_comment(bread, "Regretted.").delete()
    assert parse(client.get(address)).entries == []


@pytest.mark.parametrize(
    "hiding",
    [
        {"status": "draft"},
        {"publish_at": hours_ago(-1)},
        {"unpublish_at": hours_ago(0)},
        {"deleted_at": hours_ago(0)},
        {"visibility": "private"},
    ],
    ids=lambda hiding: next(iter(hiding)),
)
def test_a_hidden_post_has_no_feed_and_no_place_in_the_sites(hiding, remark, client):
    Post.objects.filter(slug="bread").update(**hiding)
    assert client.get(BREAD).status_code == 404
    assert client.get("/posts/never-was/comments/feed/").status_code == 404
    assert parse(client.get(EVERYWHERE)).entries == []


def test_comments_on_an_unlisted_post_are_for_who_has_its_address(remark, client):
    Post.objects.update(visibility="unlisted")
    assert len(parse(client.get(BREAD)).entries) == 1
    assert parse(client.get(EVERYWHERE)).entries == []
    assert client.get(BREAD).headers["X-Robots-Tag"] == "noindex"


def test_the_guid_survives_a_new_slug_domain_and_scheme(remark, client, settings):
    before = parse(client.get(BREAD)).entries[0].id
    Post.objects.update(slug="sourdough")
    settings.SITE_URL = "https://crumbs.example.org"
    after = parse(client.get("/posts/sourdough/comments/feed/")).entries[0]
    assert after.id == before == f"{remark.post.guid}#comment-{remark.pk}"
    assert before.startswith("tag:")
    assert after.link.startswith("https://crumbs.example.org/posts/sourdough/")


@pytest.mark.parametrize("address", [EVERYWHERE, BREAD])
def test_many_comments_cost_what_one_costs(address, remark, client):
    as_if_committed()
    few = queries_of(client, address)
    for _ in range(5):
        make_comment(remark.post)
        make_comment(make_post())
    as_if_committed()
    assert queries_of(client, address) == few


def test_the_pages_name_their_feeds(remark, client):
    page = client.get("/posts/bread/").content.decode()
    assert f'type="application/rss+xml" title="Comments on “Bread &amp; salt &lt;now&gt;”" href="{BREAD}"' in page
    assert f'href="{EVERYWHERE}"' in client.get("/").content.decode()


@pytest.fixture
def settled(remark):
    as_if_long_ago()


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("address", [EVERYWHERE, BREAD])
class TestNothingNew:
    @pytest.mark.parametrize("shape", ["{}", "W/{}", '"other", {}', "*"])
    def test_a_known_etag_gets_304(self, address, shape, client):
        etag = client.get(address).headers["ETag"]
        response = client.get(address, headers={"if-none-match": shape.format(etag)})
        assert (response.status_code, response.content) == (304, b"")
        assert response.headers["ETag"] == etag

    def test_a_known_date_gets_304(self, address, client):
        modified = client.get(address).headers["Last-Modified"]
        assert client.get(address, headers={"if-modified-since": modified}).status_code == 304
        earlier = format_datetime(parsedate_to_datetime(modified) - timedelta(seconds=1), usegmt=True)
        assert client.get(address, headers={"if-modified-since": earlier}).status_code == 200

    def test_304_looks_at_no_comment(self, address, client):
        etag = client.get(address).headers["ETag"]
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers={"if-none-match": etag})
        assert not any("comments_comment" in query["sql"] for query in queries)
        assert len(queries) == 1

    def test_head_is_answered_alike(self, address, client):
        got, head = client.get(address), client.head(address)
        assert head.headers["ETag"] == got.headers["ETag"]
        assert head.content == b""

    def test_within_the_second_of_a_change_no_date_is_given(self, address, client, monkeypatch):
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)
        Generation.objects.update(changed_at=now)
        assert "Last-Modified" not in client.get(address).headers


CHANGES = {
    "new comment": lambda comment: make_comment(comment.post),
    "edit": lambda comment: Comment.objects.filter(pk=comment.pk).update(body_html="<p>Anew.</p>"),
    "other name": lambda comment: Comment.objects.filter(pk=comment.pk).update(author_name="Ada"),
    "hold": lambda comment: Comment.objects.filter(pk=comment.pk).update(status="pending"),
    "trash": lambda comment: comment.delete(),
    "purge": lambda comment: comment.purge(),
    "title of the post": lambda comment: Post.objects.update(title="Rye"),
    "private": lambda comment: Post.objects.update(visibility="private"),
    "settings": lambda comment: SiteSettings(title="Crumbs").save(),
}


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("address", [EVERYWHERE, BREAD])
@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen_at_once(change, address, remark, client):
    etag = client.get(address).headers["ETag"]
    CHANGES[change](remark)
    as_if_committed()
    assert client.get(address, headers={"if-none-match": etag}).status_code != 304


def test_an_approval_and_a_restoration_are_seen_at_once(bread, client):
    waiting, trashed = make_comment(bread, status="pending"), make_comment(bread)
    trashed.delete()
    as_if_committed()
    for comment, change in [(waiting, {"status": "approved"}), (trashed, {"deleted_at": None})]:
        etag = client.get(BREAD).headers["ETag"]
        Comment.all_objects.filter(pk=comment.pk).update(**change)
        as_if_committed()
        assert client.get(BREAD, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("status", ["pending", "spam"])
def test_what_nobody_sees_is_nothing_new(status, remark, client):
    etag = client.get(EVERYWHERE).headers["ETag"]
    Comment.objects.filter(pk=make_comment(remark.post, status=status).pk).update(author_name="Someone")
    as_if_committed()
    assert client.get(EVERYWHERE, headers={"if-none-match": etag}).status_code == 304


@pytest.mark.usefixtures("settled")
def test_a_comment_is_nothing_new_to_the_posts(remark, client):
    etag = client.get("/feed/").headers["ETag"]
    make_comment(remark.post)
    remark.delete()
    as_if_committed()
    assert client.get("/feed/", headers={"if-none-match": etag}).status_code == 304


@pytest.mark.usefixtures("settled")
def test_a_feed_that_someone_has_kept_is_missing_once_the_post_is_hidden(client):
    kept = client.get(BREAD).headers
    Post.objects.update(status="draft")
    as_if_committed()
    known = {"if-none-match": kept["ETag"], "if-modified-since": kept["Last-Modified"]}
    assert client.get(BREAD, headers=known).status_code == 404


@pytest.mark.usefixtures("settled")
def test_the_second_at_which_a_post_becomes_due_is_not_missed(client, monkeypatch):
    now = timezone.now()
    Post.objects.update(publish_at=now + timedelta(minutes=1))
    as_if_committed()
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(seconds=59))
    before = client.get(EVERYWHERE)
    assert parse(before).entries == []
    known = {"if-none-match": before.headers["ETag"]}
    assert client.get(EVERYWHERE, headers=known).status_code == 304
    assert client.get(BREAD).status_code == 404
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=1))
    response = client.get(EVERYWHERE, headers=known)
    assert response.status_code == 200
    assert len(parse(response).entries) == 1
    assert client.get(BREAD).status_code == 200
