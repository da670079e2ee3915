"""The demo: what a newcomer finds after `make run`, once and for good."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from blogsite import demo_content
from blogsite.management.commands.demo import framed
from comments.mail.moderators import moderators
from comments.models import Comment
from posts.importers.report import Report
from posts.models import Author, Category, Image, Page, Post, Series, SiteSettings
from posts.ways import menus
from tests.factories import make_post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def demo(*arguments: str) -> str:
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def status(client, link: str) -> int:
    response = client.get(link)
    if response.streaming:
        list(response)  # to its end, which closes the file
    return response.status_code


@pytest.fixture(scope="class")
def loaded(rows_of_class, tmp_path_factory) -> Iterator[Report]:
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield demo_content.load()


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    """What is in it: loaded once, for all who only look at it."""

    @pytest.fixture(autouse=True)
    def media(self) -> None:
        """The pictures stay in the folder into which they were loaded."""

    def test_an_empty_site_becomes_a_small_magazine(self, loaded):
        assert not loaded.skipped
        assert not loaded.noted
        assert Post.published.listed().count() >= 12
        assert Author.objects.filter(picture__isnull=False).count() == 3
        assert Category.objects.count() == 5
        assert Category.objects.exclude(parent=None).exists()
        assert Post.published.listed().in_series(Series.objects.get()).count() == 3
        assert [link.name for link in menus.load().header] == ["About", "Markdown guide", "Archive", "Feeds"]
        assert Image.objects.count() > 10
        assert SiteSettings.load().title != "Blogsite"
        assert "<a" in SiteSettings.load().footer_html

    def test_there_is_one_post_for_every_state_to_look_at(self):
        states = {post.state for post in Post.objects.all()}
        assert states == {Post.State.PUBLISHED, Post.State.DRAFT, Post.State.SCHEDULED}
        assert Post.published.readable().count() > Post.published.listed().count()
        assert Post.published.filter(pinned=True).exists()

    def test_what_a_site_can_do_is_there_to_be_tried(self, client):
        [episode] = Post.published.syndicated().exclude(audio=None)
        assert episode.audio.media_type == "audio/mpeg"
        assert episode.audio.seconds == 20
        original, german = Post.published.listed().exclude(translation_key=None).order_by("language")
        assert german.language == "de"
        assert original in Post.published.syndicated()
        assert german not in Post.published.syndicated()
        tour = Post.published.get(slug="everything-the-page-can-do").body_html
        assert all(sign in tour for sign in ("<math", "data-embed", 'class="footnotes', "<figcaption"))
        assert client.get("/llms.txt").status_code == 200

    def test_the_demo_is_as_fresh_as_on_the_day_it_was_written(self):
        newest = Post.published.listed().newest_first().first()
        assert 0 < (timezone.now() - newest.publish_at).days < 3
        assert not Comment.objects.filter(created_at__gt=timezone.now()).exists()

    def test_its_conversations_are_counted_and_some_wait_for_a_moderator(self):
        assert Comment.objects.pending().exists()
        assert Comment.objects.spam().exists()
        assert all(comment.reasons_in_words for comment in Comment.objects.exclude(status="approved"))
        assert Comment.objects.exclude(parent=None).exists()
        assert Comment.objects.filter(user__author__posts=F("post")).exists(), "an author among them"
        assert Comment.objects.exclude(edited_at=None).exists()
        assert Comment.trash.filter(stands=True).exists(), "a place where one was removed"
        assert sum(Post.objects.values_list("comment_count", flat=True)) == Comment.objects.approved().count()

    def test_every_link_between_its_pages_leads_somewhere(self, client):
        texts = [*Post.published.readable(), *Page.published.all()]
        links = {link for text in texts for link in re.findall(r'(?:href|src)="(/[^"#]*)', text.body_html)}
        assert {link for link in links if status(client, link) not in {200, 302}} == set()

    def test_every_picture_of_the_demo_is_used(self):
        files = {path for path in Path(demo_content.FOLDER).rglob("*") if path.suffix in {".jpg", ".png"}}
        assert Image.objects.count() == len(files)


def test_it_is_loaded_whole_or_not_at_all(monkeypatch):
    monkeypatch.setattr(demo_content, "make_comments", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        demo_content.load()
    assert not any(model._base_manager.exists() for model in (Post, Page, Author, Category, Series, Image))
    monkeypatch.undo()

    assert demo_content.load().counts["created"] > 12


def test_a_site_with_posts_keeps_them_and_hears_so():
    post = make_post(slug="mine")
    post.delete()

    assert "stay as they are" in demo()
    assert list(Post.all_objects.all()) == [post]
    assert not Page.objects.exists()


def test_the_account_is_made_once_and_its_password_shown_once(client):
    out = demo("--port", "8123")

    password = re.search(r"Password +(\S+)", out)[1]
    assert "http://127.0.0.1:8123/admin/" in out
    assert client.login(username="admin", password=password)
    assert not Author.objects.filter(user__is_active=True).exists()

    again = demo()
    assert password not in again
    assert "changepassword admin" in again
    assert get_user_model().objects.filter(is_active=True).count() == 1


def test_the_account_is_told_of_comments_that_wait():
    demo()
    assert [user.email for user in moderators()] == ["admin@example.org"]


def test_passwords_differ(monkeypatch):
    monkeypatch.setattr(demo_content, "load", lambda: None)
    found = set()
    for _ in range(2):
        found.add(re.search(r"Password +(\S+)", demo())[1])
        get_user_model().objects.all().delete()
    assert len(found) == 2


def test_the_name_of_somebody_else_is_not_taken_over(monkeypatch):
    monkeypatch.setattr(demo_content, "load", lambda: None)
    get_user_model().objects.create_user("admin", password="secret")

    assert "admin-2" in demo()


def test_outside_of_demo_mode_no_account_is_made(settings, monkeypatch):
    settings.DEMO = False
    monkeypatch.setattr(demo_content, "load", lambda: None)

    demo()

    assert not get_user_model().objects.exists()


def test_the_frame_is_as_wide_as_its_longest_line():
    lines = framed(["a", "long line"]).strip().splitlines()
    assert {len(line) for line in lines} == {len("long line") + 6}
