"""A recording in Chromium: sent and played, on a writing screen and a page that work without script, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect

from posts.models import Post
from tests import sounds
from tests.factories import make_audio, make_author, make_category, make_post, make_series, make_staff

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def recording(tmp_path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    path = tmp_path / "The harbour.mp3"
    path.write_bytes(sounds.mp3(20))
    return path


@pytest.fixture
def plain(chromium: Browser, live_server, client) -> Page:
    """A window without script, in which Eva, an editor, is logged in."""
    user = make_staff("eva", group="Editor", first_name="Eva", last_name="Stern")
    make_author("Eva Stern", user=user)
    client.force_login(user)
    context = chromium.new_context(java_script_enabled=False)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_a_post_is_written_published_and_recorded_without_script(plain: Page, live_server, recording):
    make_category("Field notes")
    make_category("Weather")
    make_series("Coasts")
    german = make_post("Der Hafen", language="de")

    plain.goto(f"{live_server.url}/admin/posts/post/add/")
    plain.fill("#id_title", "The harbour")
    plain.fill("#id_body", "A long thought.")
    plain.locator("noscript select[name=categories], select[name=categories][size]").last.select_option(
        ["Field notes", "Weather"]
    )
    for summary in ("Series", "Language"):
        plain.locator("summary", has_text=summary).click()
    plain.locator("select[name=series][size]").select_option("Coasts")
    plain.locator("select[name=translation_of][size]").select_option("Der Hafen")
    plain.set_input_files("#id_recording", recording)
    plain.get_by_role("button", name="Publish").click()

    expect(plain.locator(".recording .kept")).to_contain_text("0:20")
    post = Post.objects.get(title="The harbour")
    assert post.is_published
    assert sorted(category.name for category in post.categories.all()) == ["Field notes", "Weather"]
    assert (post.series.title, post.audio.title) == ("Coasts", "The harbour")
    german.refresh_from_db()
    assert post.translation_key == german.translation_key


def test_a_choice_stays_when_it_is_saved_again_without_script(plain: Page, live_server, recording):
    category, series = make_category("Field notes"), make_series("Coasts")
    make_category("Weather")
    post = make_post("The harbour", categories=[category], series=series)

    plain.goto(f"{live_server.url}/admin/posts/post/{post.pk}/change/")
    plain.fill("#id_body", "Better words.")
    plain.get_by_role("button", name="Update").click()

    expect(plain.get_by_text("Saved.")).to_be_visible()
    post.refresh_from_db()
    assert (post.body, post.series) == ("Better words.", series)
    assert list(post.categories.all()) == [category]


def test_nothing_of_a_recording_is_fetched_before_it_is_played(page: Page, live_server, recording):
    post = make_post("The harbour", audio=make_audio(seconds=600))
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/media/" in request.url else None)
    page.goto(f"{live_server.url}{post.get_absolute_url()}")
    expect(page.locator(".player")).to_contain_text("10:00")
    assert asked == []

    page.locator(".player audio").evaluate("(audio) => { audio.muted = true; return audio.play(); }")
    assert asked == [f"{live_server.url}{post.audio.file.url}"]
