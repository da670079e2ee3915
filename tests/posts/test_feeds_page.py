"""Where feeds are found: by people on a page of their own, by programmes in the head of each page."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from posts.models import Post, SiteSettings, Tag
from tests.factories import make_author, make_category, make_post, make_series
from tests.feeds import PATHS, judge

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<link rel="alternate" type="([^"]+)" title="([^"]+)" href="([^"]+)">')
TYPES = {"application/rss+xml": "rss", "application/atom+xml": "atom", "application/feed+json": "json"}


@pytest.fixture
def bread() -> Post:
    return make_post(
        "Bread",
        slug="bread",
        author=make_author("Ada"),
        categories=[make_category("Kitchen")],
        series=make_series("Baking"),
        tags=["dough"],
    )


def feeds_in_head(client: Any, page: str) -> list[tuple[str, str, str]]:
    """Type, title and address of each feed that the page names."""
    return LINK.findall(client.get(page).content.decode())


def addresses_on_page(client: Any) -> list[str]:
    page = client.get("/feeds/").content.decode()
    return re.findall(r'href="([^"]*feed/[^"]*)" type=', page)


class TestThePage:
    def test_says_what_a_feed_is_and_lists_them_all(self, bread, client):
        page = client.get("/feeds/").content.decode()
        assert "A feed brings what is new here to you" in page
        pages = ["/", "/comments/", "/category/kitchen/", "/series/baking/", "/tag/dough/", "/author/ada/"]
        assert addresses_on_page(client) == [f"{start}feed/{path}" for start in pages for path in PATHS.values()]

    def test_gives_each_a_name(self, bread, client):
        page = client.get("/feeds/").content.decode()
        names = re.findall(r'class="feed-of"[^>]*>([^<]*)<', page)
        assert names == ["All posts", "All comments", "Kitchen", "Baking", "dough", "Ada"]

    def test_orders_tags_by_use_and_then_as_readers_do(self, client):
        make_post(tags=["apple", "Bread", "cake"])
        make_post(tags=["cake"])
        names = re.findall(r'class="feed-of" href="/tag/[^"]+">([^<]*)<', client.get("/feeds/").content.decode())
        assert names == ["cake", "apple", "Bread"]

    def test_leads_to_feeds_alone(self, bread, client):
        kinds = {path: kind for kind, path in PATHS.items()}
        for address in addresses_on_page(client):
            judge(client.get(address), kinds[address.partition("feed/")[2]])

    def test_names_nothing_that_no_reader_may_come_across(self, bread, client):
        make_category("Attic").delete()
        Post.objects.update(visibility="private")
        page = client.get("/feeds/").content.decode()
        assert [name for name in ("Baking", "dough", "Ada", "Attic") if name in page] == []

    def test_says_whether_the_feeds_carry_the_text(self, bread, client):
        assert "the whole text" in client.get("/feeds/").content.decode()
        SiteSettings(feed_full_text=False).save()
        assert "a summary of each post" in client.get("/feeds/").content.decode()

    def test_names_the_tags_used_most_first(self, client):
        for number in range(3):
            hours = timedelta(hours=number + 1)
            make_post(tags=["b", *(["a"] if number else [])], publish_at=timezone.now() - hours)
        tags = [address for address in addresses_on_page(client) if address.startswith("/tag/")]
        assert tags[::3] == ["/tag/b/feed/", "/tag/a/feed/"]

    def test_puts_others_in_the_place_of_tags_in_the_trash(self, client, monkeypatch):
        monkeypatch.setattr("posts.feeds.page.MAX_TAGS", 2)
        for names in (["a", "b", "c", "d"], ["a", "b", "c"], ["a", "b"]):
            make_post(tags=names)
        Tag.objects.filter(name__in=["a", "c"]).delete()
        tags = [address for address in addresses_on_page(client) if address.startswith("/tag/")]
        assert tags[::3] == ["/tag/b/feed/", "/tag/d/feed/"]

    def test_knows_a_series_from_an_author_of_the_same_number(self, client):
        make_author("Nobody", pk=7000)
        make_post(series=make_series("Baking", pk=7000), author=make_author("Ada", pk=7001))
        names = re.findall(r'class="feed-of"[^>]*>([^<]*)<', client.get("/feeds/").content.decode())
        assert names[2:] == ["Baking", "Ada"]

    def test_names_who_wrote_with_others(self, bread, client):
        bread.co_authors.add(make_author("Grace"))
        make_author("Nobody")
        authors = [address for address in addresses_on_page(client) if address.startswith("/author/")]
        assert authors[::3] == ["/author/ada/feed/", "/author/grace/feed/"]

    def test_is_where_the_menu_leads(self, bread, client):
        assert 'href="/feeds/"' in client.get("/").content.decode()


class TestTheHead:
    @pytest.mark.parametrize("page", ["/category/kitchen/", "/tag/dough/", "/author/ada/", "/series/baking/"])
    def test_names_the_feeds_of_its_subject_first(self, page, bread, client):
        found = feeds_in_head(client, page)
        assert [address for _, _, address in found[:3]] == [f"{page}feed/{path}" for path in PATHS.values()]
        assert found[3][2] == "/feed/"
        assert found[0][1].endswith(" · Blogsite")

    def test_names_the_feeds_of_the_site_before_those_of_one_discussion(self, bread, client):
        addresses = [address for _, _, address in feeds_in_head(client, "/posts/bread/")]
        assert addresses[:3] == [f"/feed/{path}" for path in PATHS.values()]
        assert addresses[-3:] == [f"/posts/bread/comments/feed/{path}" for path in PATHS.values()]

    @pytest.mark.parametrize("page", ["/", "/archive/", "/category/kitchen/", "/posts/bread/"])
    def test_leads_to_what_it_says(self, page, bread, client):
        found = feeds_in_head(client, page)
        assert len(found) >= 4
        for media_type, _, address in found:
            judge(client.get(address), TYPES[media_type])
