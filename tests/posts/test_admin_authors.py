"""Profiles: a writer keeps their own, and nobody else's."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from posts.models import Author
from tests.factories import make_author, make_staff
from tests.posts.desk import change_url, log_in, make_writer, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

ADD = "/admin/posts/author/add/"


def test_a_writer_mends_their_own_name_words_and_picture():
    anna, profile = make_writer("Anna Reed")
    assert change_url(profile) in anna.get("/admin/").content.decode()
    data = {"display_name": "Anna M. Reed", "bio": "Writes about boats.", "upload": picture()}
    assert anna.post(change_url(profile), data).status_code == 302
    profile.refresh_from_db()
    assert (profile.display_name, profile.bio) == ("Anna M. Reed", "Writes about boats.")
    assert profile.picture.file.url in anna.get(change_url(profile)).content.decode()
    assert LogEntry.objects.get().user == profile.user


def test_neither_its_address_nor_whose_it_is():
    anna, profile = make_writer("Anna Reed")
    slug, tom = profile.slug, make_staff("tom")
    anna.post(change_url(profile), {"display_name": "Anna Reed", "slug": "editor-in-chief", "user": tom.pk})
    profile.refresh_from_db()
    assert (profile.slug, profile.user.get_full_name()) == (slug, "Anna Reed")


@pytest.mark.parametrize("view", ["change", "delete", "history", "restore", "purge"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_s_profile_is_closed(view, method):
    anna, _ = make_writer("Anna Reed")
    tom = make_author("Tom Ferry")
    response = getattr(anna, method)(change_url(tom, view), {"display_name": "Fool", "post": "yes", "confirmed": "yes"})
    assert response.status_code in {302, 403}
    assert Author.objects.get(pk=tom.pk).display_name == "Tom Ferry"


def test_the_list_of_all_stays_closed():
    anna, profile = make_writer("Anna Reed")
    data = {"action": "move_to_trash", "_selected_action": [profile.pk]}
    assert anna.post("/admin/posts/author/", data).status_code == 403
    assert Author.objects.filter(pk=profile.pk).exists()


def test_who_has_none_begins_one_and_only_one():
    user = make_staff("newcomer", group="Author")
    newcomer = log_in(user)
    assert ADD in newcomer.get("/admin/").content.decode()
    newcomer.post(ADD, {"display_name": "New Comer", "bio": "", "user": make_staff("tom").pk})
    assert Author.objects.get().user == user
    assert newcomer.get(ADD).status_code == 403


def test_a_trashed_profile_is_neither_mended_nor_begun_again():
    anna, profile = make_writer("Anna Reed")
    profile.delete()
    page = anna.get("/admin/").content.decode()
    assert "Your profile" not in page
    assert anna.get(ADD).status_code == 403
    anna.post(change_url(profile), {"display_name": "Back again"})
    assert Author.trash.get().display_name == "Anna Reed"


def test_who_does_not_write_has_no_profile():
    moderator = log_in(make_staff("mo", group="Moderator"))
    assert "Your profile" not in moderator.get("/admin/").content.decode()
    assert moderator.get(ADD).status_code == 403


def test_an_editor_keeps_all(eva):
    tom, reader = make_author("Tom Ferry"), make_staff("tom")
    eva.post(change_url(tom), {"display_name": "Tom Ferry", "slug": "tom", "bio": "", "user": reader.pk})
    tom.refresh_from_db()
    assert (tom.slug, tom.user) == ("tom", reader)
