"""Recordings at the desk: sent with a post or by themselves, kept through errors, and played where they belong."""

from __future__ import annotations

import io

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from posts.models import Audio, Post
from tests import sounds
from tests.factories import make_audio, make_author, make_category, make_draft, make_post
from tests.posts.desk import ADD_POST, change_url, form_of, make_writer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

ADD = "/admin/posts/audio/add/"
LIST = "/admin/posts/audio/"


def recording(content: bytes = b"", name: str = "The harbour.mp3") -> io.BytesIO:
    file = io.BytesIO(content or sounds.mp3(61))
    file.name = name
    return file


# --- With a post ------------------------------------------------------------------------------------------------------


def test_anna_publishes_a_recording_with_her_post():
    anna, _ = make_writer("Anna Reed")
    form = form_of(title="Wind & Water", categories=[make_category().pk], recording=recording(), _publish="")
    anna.post(ADD_POST, form)

    post = Post.objects.get()
    assert (post.audio.title, post.audio.seconds) == ("The harbour", 61)
    page = Client().get(post.get_absolute_url()).content.decode()
    assert f'<audio controls preload="none" src="{post.audio.file.url}"></audio>' in page
    assert '<time datetime="PT61S">1:01</time>' in page
    assert 'download="wind-water.mp3"' in page


def test_what_is_no_recording_is_refused_and_nothing_is_lost():
    anna, _ = make_writer("Anna Reed")
    response = anna.post(ADD_POST, form_of(title="On kites", body="A long thought.", recording=recording(b"<html>")))

    page = response.content.decode()
    assert "This file is not a recording that can be played here." in page
    assert "A long thought." in page
    assert not Post.objects.exists()
    assert not Audio.objects.exists()


def test_an_error_elsewhere_does_not_lose_the_recording():
    anna, _ = make_writer("Anna Reed")
    page = anna.post(ADD_POST, form_of(title="", recording=recording())).context["adminform"].form
    assert page.errors
    token = page.audio_token

    anna.post(ADD_POST, form_of(title="On kites", recording_token=token))

    assert Post.objects.get().audio == Audio.objects.get()


@pytest.mark.parametrize("token", ["1", "1:x:y", "x" * 5000])
def test_a_recording_cannot_be_named_by_guessing(token):
    make_audio()
    anna, _ = make_writer("Anna Reed")
    anna.post(ADD_POST, form_of(title="On kites", recording_token=token))
    assert Post.objects.get().audio is None


def test_a_recording_stays_until_it_is_taken_out():
    anna, profile = make_writer("Anna Reed")
    post = make_draft("On kites", author=profile, audio=make_audio())

    anna.post(change_url(post), form_of(post, body="Better words."))
    post.refresh_from_db()
    assert post.audio

    anna.post(change_url(post), form_of(post, remove_recording="on"))
    post.refresh_from_db()
    assert post.audio is None


def test_who_may_not_add_recordings_may_still_write():
    Group.objects.get(name="Author").permissions.remove(Permission.objects.get(codename="add_audio"))
    anna, _ = make_writer("Anna Reed")
    assert 'name="recording"' not in anna.get(ADD_POST).content.decode()

    response = anna.post(ADD_POST, form_of(title="On kites", recording=recording()))
    assert "Your account may not add recordings." in response.content.decode()
    anna.post(ADD_POST, form_of(title="On kites"))
    assert Post.objects.get().audio is None


def test_a_post_without_a_recording_has_no_player():
    assert "<audio" not in Client().get(make_post().get_absolute_url()).content.decode()


def test_a_post_stays_in_feeds_until_someone_takes_it_out():
    anna, profile = make_writer("Anna Reed")
    post = make_post(author=profile, categories=[make_category()])

    anna.post(change_url(post), form_of(post))
    post.refresh_from_db()
    assert post.in_feeds

    anna.post(change_url(post), form_of(post, in_feeds=None))
    post.refresh_from_db()
    assert not post.in_feeds


# --- By themselves ----------------------------------------------------------------------------------------------------


@pytest.fixture
def ed() -> Client:
    return make_writer("Ed Stone", "Editor")[0]


def test_a_recording_is_added_by_itself(ed):
    ed.post(ADD, {"upload": recording(), "title": "One morning"})

    audio = Audio.objects.get()
    assert (audio.title, audio.uploaded_by.first_name) == ("One morning", "Ed")
    assert "One morning" in ed.get(LIST).content.decode()
    assert audio.file.url in ed.get(change_url(audio)).content.decode()


def test_what_is_no_recording_is_refused_in_words(ed):
    response = ed.post(ADD, {"upload": recording(b"RIFF")})
    assert "not a recording" in response.content.decode()


def test_its_title_can_be_changed_and_its_file_not(ed):
    audio = make_audio()
    ed.post(change_url(audio), {"title": "Another title", "upload": recording(sounds.opus())})
    changed = Audio.objects.get()
    assert (changed.title, changed.digest) == ("Another title", audio.digest)


def test_a_recording_that_is_played_stays(ed, media):
    audio = make_audio()
    make_post("Harbours", author=make_author(), audio=audio)

    response = ed.post(change_url(audio, "delete"), {"post": "yes"}, follow=True)

    assert "This recording is played in “Harbours”." in response.content.decode()
    assert (media / audio.file.name).exists()


def test_a_recording_that_nothing_plays_goes_with_its_file(ed, media, django_capture_on_commit_callbacks):
    audio = make_audio()
    with django_capture_on_commit_callbacks(execute=True):
        ed.post(change_url(audio, "delete"), {"post": "yes"})
    assert not Audio.objects.exists()
    assert not (media / audio.file.name).exists()


@pytest.mark.parametrize("group", ["Author", "Moderator"])
def test_the_list_of_recordings_is_for_editors(group):
    client, _ = make_writer("Anna Reed", group)
    assert client.get(LIST).status_code == 403
