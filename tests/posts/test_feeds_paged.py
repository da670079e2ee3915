"""The older posts of a feed, a page at a time (RFC 5005, section 3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from posts.models import Post, SiteSettings
from tests.factories import make_post
from tests.feeds import PATHS, judge, parse

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("kind", PATHS)


@KINDS
class TestPages:
    @pytest.fixture
    def posts(self, db) -> list[Post]:
        SiteSettings(feed_length=2).save()
        return [make_post(publish_at=timezone.now() - timedelta(hours=hours)) for hours in range(1, 6)]

    def test_lead_through_everything_once(self, kind, posts, client):
        address, found = f"/feed/{PATHS[kind]}", []
        while address:
            response = client.get(address)
            judge(response, kind)
            feed = response.json() if kind == "json" else parse(response)
            found += [item["id"] for item in (feed["items"] if kind == "json" else feed.entries)]
            address = feed.get("next_url") if kind == "json" else link_of(feed, "next")
        assert found == [post.guid for post in posts]

    def test_know_the_first_and_the_one_before(self, kind, posts, client):
        if kind == "json":
            return  # it knows no way back
        first = client.get(f"/feed/{PATHS[kind]}")
        second = parse(client.get(link_of(parse(first), "next")))
        assert link_of(second, "first") == f"http://testserver/feed/{PATHS[kind]}"
        assert ids_of(parse(client.get(link_of(second, "previous")))) == [post.guid for post in posts[:2]]
        assert link_of(second, "self") == link_of(parse(first), "next")
        assert second.feed.get("id") == parse(first).feed.get("id"), "one feed, whatever the page"

    def test_beyond_the_last_one_nothing_is(self, kind, posts, client):
        assert client.get(f"/feed/{PATHS[kind]}?before=2000-01-01T00:00:00Z_1").status_code == 404

    @pytest.mark.parametrize("garbage", ["before=x", "before=", "after=2026-01-01", "before=2026-01-01T00:00:00.50Z_1"])
    def test_malformed_positions_are_missing(self, kind, garbage, posts, client):
        assert client.get(f"/feed/{PATHS[kind]}?{garbage}").status_code == 404

    def test_announce_no_hub(self, kind, posts, client):
        SiteSettings(feed_length=2, websub_hub="https://hub.example.org/").save()
        address = f"/feed/{PATHS[kind]}?before=2100-01-01T00:00:00Z_1"
        assert "Link" not in client.get(address).headers


def link_of(feed: Any, rel: str) -> str | None:
    return next((link.href for link in feed.feed.links if link.rel == rel), None)


def ids_of(feed: Any) -> list[str]:
    return [entry.id for entry in feed.entries]
