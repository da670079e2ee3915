"""What subscribers pull: whole, stable, and the same in each of three formats."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.utils import timezone

from posts.models import Category, Post, SiteSettings
from tests.commits import as_if_committed
from tests.factories import make_author, make_category, make_image, make_post, make_series
from tests.feeds import (
    ATOM,
    CONTENT,
    PATHS,
    XML_LANG,
    Links,
    atom,
    ids,
    json_feed,
    judge,
    parse,
    rss,
    rss_item,
    text_of,
)

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("kind", PATHS)
DAWN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


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
        publish_at=DAWN,
    )


class TestAnItem:
    @KINDS
    def test_is_valid(self, kind, bread, client):
        judge(client.get(f"/feed/{PATHS[kind]}"), kind)

    def test_carries_the_whole_post_in_rss(self, bread, client):
        item = parse(client.get("/feed/")).entries[0]
        assert item.title == "Bread & salt <now>"
        assert item.link == "http://testserver/posts/bread/"
        assert item.author == "Ada Lovelace"
        assert {tag.term for tag in item.tags} == {"Kitchen", "baking"}
        assert datetime(*item.published_parsed[:6], tzinfo=UTC) == bread.publish_at

    def test_and_in_atom(self, bread, client):
        entry = atom(client).find(f"{ATOM}entry")
        assert text_of(entry, f"{ATOM}title") == "Bread & salt <now>"
        assert text_of(entry, f"{ATOM}published") == "2026-01-02T03:04:05Z"
        assert text_of(entry.find(f"{ATOM}author"), f"{ATOM}uri") == "http://testserver/author/ada-lovelace/"
        assert [dict(category.attrib) for category in entry.findall(f"{ATOM}category")] == [
            {"term": "kitchen", "scheme": "http://testserver/category/", "label": "Kitchen"},
            {"term": "baking", "scheme": "http://testserver/tag/", "label": "baking"},
        ]

    def test_and_in_json(self, bread, client):
        item = json_feed(client)["items"][0]
        assert item["title"] == "Bread & salt <now>"
        assert item["url"] == "http://testserver/posts/bread/"
        assert item["authors"] == [{"name": "Ada Lovelace", "url": "http://testserver/author/ada-lovelace/"}]
        assert item["tags"] == ["Kitchen", "baking"]

    def test_has_whole_addresses_and_no_marks_of_the_page(self, bread, client):
        content = json_feed(client)["items"][0]["content_html"]
        assert "Knead it" in content
        assert ">Dough</h2>" in content, "without the link to itself that the page shows"
        assert 'href="http://testserver/posts/patience/"' in content
        assert 'href="http://testserver/posts/bread/#' in content, "a footnote leads to the post's page"

    def test_asks_of_a_reader_only_what_it_can_do(self, client):
        picture = make_image("A loaf", size=(900, 600))
        make_post(
            body=f"![A loaf]({picture.file.url})\n\n- [x] Kneaded\n- [ ] Baked\n\n$a^2$\n\n"
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ\n\n"
            '<video src="/media/v.mp4" poster="/media/p.jpg"></video>\n\n'
            '<audio><source src="/media/a.ogg" type="audio/ogg"></audio>'
        )
        judge(client.get("/feed/json/"), "json")
        content = json_feed(client)["items"][0]["content_html"]
        assert f'src="http://testserver{picture.file.url}"' in content
        assert not set(Links(content).tags) & {"picture", "input", "iframe", "figure"}
        assert "☑ Kneaded" in content
        assert "☐ Baked" in content
        assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in content
        for address in ("/media/v.mp4", "/media/p.jpg", "/media/a.ogg"):
            assert f'"http://testserver{address}"' in content

    def test_has_the_same_text_in_each_format(self, bread, client):
        content = json_feed(client)["items"][0]["content_html"]
        assert text_of(rss_item(client), CONTENT) == content
        assert text_of(atom(client).find(f"{ATOM}entry"), f"{ATOM}content") == content

    def test_has_a_summary_that_is_text(self, client):
        make_post(summary="Of <b> and <i>, & why")
        assert unescape(parse(client.get("/feed/")).entries[0].summary) == "Of <b> and <i>, & why"
        assert text_of(atom(client).find(f"{ATOM}entry"), f"{ATOM}summary") == "Of <b> and <i>, & why"
        assert json_feed(client)["items"][0]["summary"] == "Of <b> and <i>, & why"

    def test_names_everyone_who_wrote_it(self, bread, client):
        bread.co_authors.add(make_author("Grace Hopper"))
        names = ["Ada Lovelace", "Grace Hopper"]
        assert [author["name"] for author in json_feed(client)["items"][0]["authors"]] == names
        assert [author.name for author in parse(client.get("/feed/atom/")).entries[0].authors] == names

    @KINDS
    def test_may_be_hostile(self, kind, client):
        make_post(
            "]]> & <script>alert(1)</script> \U0001f41d \u202e", body="]]>\n\n<![CDATA[ x ]]>\n\n" + "long " * 50_000
        )
        judge(client.get(f"/feed/{PATHS[kind]}"), kind)

    @KINDS
    def test_may_hold_what_xml_cannot(self, kind, client):
        post = make_post("Vertical\x0btab", body="Form\x0cfeed \ufffe and \x00 null.")
        Post.objects.filter(pk=post.pk).update(title="Past\x0b the \x1bdoor", body_html="<p>\ufffe\x0c</p>")
        judge(client.get(f"/feed/{PATHS[kind]}"), kind)


class TestTimes:
    def test_an_edit_is_told_apart_from_the_publication(self, bread, client):
        Post.objects.update(updated_at=DAWN + timedelta(days=3))
        entry, item = atom(client).find(f"{ATOM}entry"), json_feed(client)["items"][0]
        assert text_of(entry, f"{ATOM}published") == item["date_published"] == "2026-01-02T03:04:05Z"
        assert text_of(entry, f"{ATOM}updated") == item["date_modified"] == "2026-01-05T03:04:05Z"
        assert text_of(rss_item(client), f"{ATOM}updated") == "2026-01-05T03:04:05Z"

    def test_what_was_written_before_it_appeared_is_not_updated(self, bread, client):
        Post.objects.update(updated_at=DAWN - timedelta(days=3))
        assert text_of(atom(client).find(f"{ATOM}entry"), f"{ATOM}updated") == "2026-01-02T03:04:05Z"
        assert text_of(rss_item(client), f"{ATOM}updated") == ""

    def test_the_feed_is_as_new_as_its_newest_item(self, bread, client):
        Post.objects.update(updated_at=DAWN)
        assert text_of(rss(client), "lastBuildDate") == "Fri, 02 Jan 2026 03:04:05 GMT"
        assert text_of(atom(client), f"{ATOM}updated") == "2026-01-02T03:04:05Z"

    @KINDS
    def test_a_feed_without_posts_is_a_feed(self, kind, db, client):
        judge(client.get(f"/feed/{PATHS[kind]}"), kind)


class TestTheFeed:
    def test_names_itself_and_the_site(self, bread, client):
        SiteSettings(title="Crumbs", description="A blog about bread.", language="de").save()
        feed = parse(client.get("/feed/")).feed
        assert (feed.title, feed.subtitle, feed.language) == ("Crumbs", "A blog about bread.", "de")
        assert atom(client).get(XML_LANG) == json_feed(client)["language"] == "de"

    @pytest.mark.parametrize(("kind", "path"), PATHS.items())
    def test_knows_its_own_address(self, kind, path, bread, client, settings):
        settings.SITE_URL = "https://blog.example.org"
        address = f"https://blog.example.org/feed/{path}"
        response = client.get(f"/feed/{path}")
        if kind == "json":
            assert response.json()["feed_url"] == address
        else:
            assert [link.href for link in parse(response).feed.links if link.rel == "self"] == [address]
        assert b"testserver" not in response.content

    def test_tells_of_a_text_in_another_language(self, bread, client):
        SiteSettings(language="en").save()
        Post.objects.update(language="de")
        assert rss_item(client).get(XML_LANG) == "de"
        assert atom(client).find(f"{ATOM}entry").get(XML_LANG) == "de"
        assert json_feed(client)["items"][0]["language"] == "de"

    @pytest.mark.parametrize("language", ["", "en"])
    def test_says_nothing_of_a_text_in_its_own(self, language, bread, client):
        SiteSettings(language="en").save()
        Post.objects.update(language=language)
        assert rss_item(client).get(XML_LANG) is None
        assert "language" not in json_feed(client)["items"][0]

    @KINDS
    def test_is_as_long_as_the_settings_say(self, kind, client):
        SiteSettings(feed_length=2).save()
        posts = [make_post(publish_at=timezone.now() - timedelta(hours=hours)) for hours in (1, 2, 3)]
        assert ids(client, kind) == [post.guid for post in posts[:2]]

    @KINDS
    def test_carries_summaries_where_the_settings_say_so(self, kind, bread, client):
        SiteSettings(feed_full_text=False).save()
        Post.objects.update(summary="Of dough.")
        response = client.get(f"/feed/{PATHS[kind]}")
        judge(response, kind)
        assert b"Of dough." in response.content
        assert b"Knead" not in response.content

    @KINDS
    def test_leaves_out_what_is_kept_out_of_feeds(self, kind, bread, client):
        Post.objects.update(in_feeds=False)
        assert ids(client, kind) == []
        assert client.get("/posts/bread/").status_code == 200

    @KINDS
    def test_leads_to_no_other_site(self, kind, bread, client):
        assert b'rel="hub"' not in client.get(f"/feed/{PATHS[kind]}").content
        assert "Link" not in client.get(f"/feed/{PATHS[kind]}").headers

    @pytest.mark.parametrize(("kind", "path"), PATHS.items())
    def test_but_to_the_hub_of_the_settings(self, kind, path, bread, client):
        SiteSettings(websub_hub="https://hub.example.org/").save()
        response = client.get(f"/feed/{path}")
        judge(response, kind)
        links = f'<https://hub.example.org/>; rel="hub", <http://testserver/feed/{path}>; rel="self"'
        assert response.headers["Link"] == links
        if kind == "json":
            assert response.json()["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
        else:
            hubs = [link.href for link in parse(response).feed.links if link.rel == "hub"]
            assert hubs == ["https://hub.example.org/"]


@KINDS
class TestSubjects:
    def test_a_category_has_the_posts_below_it(self, kind, bread, kitchen, client):
        child = make_category("Ovens", parent=kitchen)
        heat = make_post("Heat", categories=[child])
        make_post("Elsewhere", categories=[make_category("Garden")])
        assert ids(client, kind, "/category/kitchen/") == [heat.guid, bread.guid]

    def test_a_tag_an_author_and_a_series_have_theirs(self, kind, bread, client):
        make_post("Elsewhere")
        Post.objects.filter(pk=bread.pk).update(series=make_series("Baking"), series_position=1)
        for page in ("/tag/baking/", "/author/ada-lovelace/", "/series/baking/"):
            assert ids(client, kind, page) == [bread.guid]

    def test_the_newest_part_of_a_series_comes_first(self, kind, client):
        series = make_series("Baking")
        first = make_post(series=series, publish_at=timezone.now() - timedelta(days=2))
        second = make_post(series=series, publish_at=timezone.now() - timedelta(days=1))
        assert ids(client, kind, "/series/baking/") == [second.guid, first.guid]

    def test_each_says_what_it_is_of(self, kind, bread, client):
        SiteSettings(title="Crumbs").save()
        response = client.get(f"/category/kitchen/feed/{PATHS[kind]}")
        judge(response, kind)
        feed = json.loads(response.content) if kind == "json" else parse(response).feed
        assert feed["title"] == "Kitchen · Crumbs"
        assert feed["description" if kind == "json" else "subtitle"] == "Of bread and butter."

    @pytest.mark.parametrize("page", ["/tag/baking/", "/author/ada-lovelace/", "/series/baking/", "/category/none/"])
    def test_without_a_listed_post_it_is_missing_as_its_page_is(self, kind, page, bread, client):
        Post.objects.update(status="draft", series=make_series("Baking"), series_position=1)
        assert client.get(f"{page}feed/{PATHS[kind]}").status_code == client.get(page).status_code == 404

    def test_its_page_stays_when_all_is_kept_out_of_feeds(self, kind, bread, client):
        Post.objects.update(in_feeds=False)
        assert ids(client, kind, "/tag/baking/") == []

    def test_a_series_in_the_trash_has_none(self, kind, bread, client):
        series = make_series("Baking")
        Post.objects.update(series=series, series_position=1)
        series.delete()
        assert client.get(f"/series/baking/feed/{PATHS[kind]}").status_code == 404


@KINDS
class TestGuids:
    def test_survive_a_new_slug_domain_and_scheme(self, kind, bread, client, settings):
        before = ids(client, kind)
        bread.slug = "sourdough"
        bread.save()
        as_if_committed()
        settings.SITE_URL = "https://crumbs.example.org"
        settings.GUID_AUTHORITY = "crumbs.example.org"
        assert ids(client, kind) == before == [bread.guid]
        assert b"https://crumbs.example.org/posts/sourdough/" in client.get(f"/feed/{PATHS[kind]}").content

    def test_survive_the_trash(self, kind, bread, client):
        before = ids(client, kind)
        bread.delete()
        as_if_committed()
        assert ids(client, kind) == []
        bread.restore()
        as_if_committed()
        assert ids(client, kind) == before

    def test_are_no_addresses(self, kind, bread, client):
        assert ids(client, kind)[0].startswith("tag:")
