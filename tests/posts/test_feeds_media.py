"""What feeds enclose: covers, and the recordings of a podcast."""

from __future__ import annotations

from pathlib import Path

import pytest

from posts.models import Post, SiteSettings
from tests.factories import make_audio, make_author, make_image, make_post
from tests.feeds import ITUNES, MEDIA, PATHS, json_feed, judge, parse, rss, rss_item, text_of

pytestmark = pytest.mark.django_db

KINDS = pytest.mark.parametrize("kind", PATHS)


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def bread() -> Post:
    return make_post("Bread", slug="bread", author=make_author("Ada Lovelace"))


class TestPictures:
    @pytest.fixture
    def cover(self, bread):
        image = make_image("A loaf", size=(8, 6))
        Post.objects.update(cover=image, cover_alt="A <fresh> loaf")
        return image

    @KINDS
    def test_are_valid(self, kind, cover, client):
        judge(client.get(f"/feed/{PATHS[kind]}"), kind)

    def test_the_cover_is_enclosed_with_its_true_size(self, cover, client):
        enclosure = rss_item(client).find("enclosure")
        assert dict(enclosure.attrib) == {
            "url": f"http://testserver{cover.file.url}",
            "length": str(Path(cover.file.path).stat().st_size),
            "type": "image/png",
        }
        link = next(link for link in parse(client.get("/feed/atom/")).entries[0].links if link.rel == "enclosure")
        assert (link.length, link.type, link.title) == (enclosure.get("length"), "image/png", "A <fresh> loaf")
        assert json_feed(client)["items"][0]["image"] == enclosure.get("url")

    def test_the_cover_stands_first_in_the_text(self, cover, client):
        content = json_feed(client)["items"][0]["content_html"]
        assert content.startswith(f'<figure><img src="http://testserver{cover.file.url}" alt="A &lt;fresh&gt; loaf"')

    def test_a_file_that_is_gone_breaks_nothing(self, cover, client):
        cover.file.storage.delete(cover.file.name)
        assert rss_item(client).find("enclosure") is None
        judge(client.get("/feed/"), "rss")


class TestPodcasts:
    @pytest.fixture
    def episode(self, bread):
        audio = make_audio("How it sounds", seconds=3)
        Post.objects.update(audio=audio, cover=make_image("A loaf"))
        return audio

    @pytest.fixture
    def show(self, episode):
        site = SiteSettings(title="Crumbs", podcast_category="Arts", podcast_email="show@example.org")
        site.podcast_image = make_image("The show")
        site.save()
        return site

    @KINDS
    def test_are_valid(self, kind, show, client):
        judge(client.get(f"/feed/{PATHS[kind]}"), kind)

    def test_the_recording_is_the_enclosure(self, episode, client):
        enclosure = rss_item(client).find("enclosure")
        assert enclosure.get("url") == f"http://testserver{episode.file.url}"
        assert (enclosure.get("length"), enclosure.get("type")) == (str(episode.size), episode.media_type)
        assert rss_item(client).find(f"{MEDIA}content") is not None, "the cover, too"
        assert json_feed(client)["items"][0]["attachments"] == [
            {
                "url": enclosure.get("url"),
                "mime_type": episode.media_type,
                "title": "How it sounds",
                "size_in_bytes": episode.size,
                "duration_in_seconds": 3,
            }
        ]

    def test_atom_encloses_all_there_is(self, episode, client):
        links = parse(client.get("/feed/atom/")).entries[0].links
        assert [link.type for link in links if link.rel == "enclosure"] == [episode.media_type, "image/png"]

    def test_a_site_without_a_show_says_nothing_of_one(self, episode, client):
        channel = rss(client)
        assert not [element for element in channel.iter() if element.tag.startswith(ITUNES)]

    def test_directories_learn_what_they_ask_for(self, show, client):
        channel = rss(client)
        assert text_of(channel, f"{ITUNES}author") == "Crumbs"
        assert text_of(channel, f"{ITUNES}explicit") == "false"
        assert channel.find(f"{ITUNES}category").get("text") == "Arts"
        assert text_of(channel.find(f"{ITUNES}owner"), f"{ITUNES}email") == "show@example.org"
        image = f"http://testserver{show.podcast_image.file.url}"
        assert channel.find(f"{ITUNES}image").get("href") == image
        assert text_of(channel.find("image"), "url") == json_feed(client)["icon"] == image

    def test_an_episode_has_its_length_and_its_authors(self, show, client):
        item = rss_item(client)
        assert text_of(item, f"{ITUNES}duration") == "3"
        assert text_of(item, f"{ITUNES}author") == "Ada Lovelace"
        assert item.find(f"{ITUNES}image").get("href").endswith(".png")
