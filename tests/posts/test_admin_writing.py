"""To write, to save, to publish: one form, and what each of its buttons means."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.redirects.models import Redirect
from django.utils import timezone

from posts.models import Author, Page, Post, Tag
from tests.factories import make_author, make_category, make_draft, make_post, make_series, make_staff
from tests.posts.desk import ADD_POST, change_url, form_of, local, log_in, make_writer, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_anna_saves_a_draft():
    anna, profile = make_writer("Anna Reed")
    response = anna.post(ADD_POST, form_of(title="On kites", body="They fly.", _draft=""), follow=True)
    post = Post.objects.get()
    assert (post.title, post.slug, post.status, post.author) == ("On kites", "on-kites", "draft", profile)
    assert "Saved." in response.content.decode()


def test_without_any_button_a_text_stays_what_it_was():
    anna, profile = make_writer("Anna Reed")
    post = make_post("Live", author=profile, categories=[make_category()])
    moment = post.publish_at
    anna.post(change_url(post), form_of(post, body="Better words."))
    post.refresh_from_db()
    assert (post.status, post.publish_at, post.body) == ("published", moment, "Better words.")


def test_publishing_is_one_step():
    anna, _ = make_writer("Anna Reed")
    category = make_category("Wind")
    anna.post(ADD_POST, form_of(title="On kites", categories=[category.pk], _publish=""))
    post = Post.objects.get()
    assert post.is_published
    assert [category.name for category in post.categories.all()] == ["Wind"]


def test_a_time_to_come_schedules():
    anna, _ = make_writer("Anna Reed")
    tomorrow = timezone.now() + timedelta(days=1)
    form = form_of(title="Later", categories=[make_category().pk], publish_at=local(tomorrow), _publish="")
    response = anna.post(ADD_POST, form, follow=True)
    assert Post.objects.get().state == "scheduled"
    assert "Scheduled for" in response.content.decode()


def test_publishing_needs_a_category_and_loses_nothing():
    anna, _ = make_writer("Anna Reed")
    response = anna.post(ADD_POST, form_of(title="On kites", body="A long thought.", tags="wind, C++", _publish=""))
    page = response.content.decode()
    assert not Post.objects.exists()
    assert "Choose at least one category before you publish the post." in page
    assert "A long thought." in page
    assert "wind, C++" in page


def test_publishing_needs_a_title():
    anna, _ = make_writer("Anna Reed")
    response = anna.post(ADD_POST, form_of(title=" ", body="A long thought.", _publish=""))
    assert "Give the text a title" in response.content.decode()
    assert not Post.objects.exists()


def test_unpublishing_keeps_the_time():
    anna, profile = make_writer("Anna Reed")
    post = make_post(author=profile, categories=[make_category()])
    moment = post.publish_at
    anna.post(change_url(post), form_of(post, _unpublish=""))
    post.refresh_from_db()
    assert (post.status, post.publish_at) == ("draft", moment)


def test_an_expired_time_is_refused_on_publishing():
    anna, _ = make_writer("Anna Reed")
    past = timezone.now() - timedelta(days=1)
    form = form_of(categories=[make_category().pk], unpublish_at=local(past), _publish="")
    assert "This time has passed." in anna.post(ADD_POST, form).content.decode()


def test_saving_in_the_background_answers_with_the_new_version():
    anna, profile = make_writer("Anna Reed")
    post = make_draft("Kites", author=profile)
    response = anna.post(change_url(post), form_of(post, body="More."), headers={"Accept": "application/json"})
    post.refresh_from_db()
    assert response.json() == {"version": post.version, "state": "Draft"}


# --- Two at once -----------------------------------------------------------------------------------------------------


def test_of_two_editors_the_second_is_told_and_may_insist():
    eva, profile = make_writer("Eva Stern", group="Editor")
    tom, _ = make_writer("Tom Ferry", group="Editor")
    post = make_draft("Harbours", author=profile, body="First.")
    seen = form_of(post)

    eva.post(change_url(post), {**seen, "body": "Eva's words."})
    refused = tom.post(change_url(post), {**seen, "body": "Tom's words."})

    page = refused.content.decode()
    post.refresh_from_db()
    assert post.body == "Eva's words."
    assert "Someone has saved this text after you opened it." in page
    assert "Eva Stern saved it on" in page
    assert "Tom&#x27;s words." in page

    tom.post(change_url(post), {**seen, "body": "Tom's words.", "replace_version": post.version})
    post.refresh_from_db()
    assert post.body == "Tom's words."


def test_who_insists_on_one_version_does_not_replace_the_next():
    eva, profile = make_writer("Eva Stern", group="Editor")
    post = make_draft(author=profile)
    seen = form_of(post)
    for body in ("Two.", "Three."):
        eva.post(change_url(post), form_of(post, body=body))
        post.refresh_from_db()
    eva.post(change_url(post), {**seen, "body": "Mine.", "replace_version": post.version - 1})
    post.refresh_from_db()
    assert post.body == "Three."


def test_a_draft_that_was_published_from_the_list_is_not_taken_back_by_an_open_window():
    eva, profile = make_writer("Eva Stern", group="Editor")
    post = make_draft(author=profile, categories=[make_category()])
    seen = form_of(post)
    eva.post("/admin/posts/post/", {"action": "publish_selected", "_selected_action": [post.pk]})
    eva.post(change_url(post), {**seen, "_draft": ""})
    post.refresh_from_db()
    assert post.is_published


# --- Who writes ------------------------------------------------------------------------------------------------------


def test_the_first_save_makes_a_profile_from_the_full_name():
    user = make_staff("login-of-jo", group="Author", first_name="Jo", last_name="Marsh")
    log_in(user).post(ADD_POST, form_of(title="First", _draft=""))
    assert Author.objects.get(user=user).display_name == "Jo Marsh"


def test_who_has_no_name_is_asked_for_one_and_the_login_name_stays_private():
    user = make_staff("login-of-jo", group="Author")
    client = log_in(user)
    response = client.post(ADD_POST, form_of(title="First", _draft=""))
    assert "Say under which name you write" in response.content.decode()
    client.post(ADD_POST, form_of(title="First", display_name="Jo M.", _draft=""))
    assert Author.objects.get(user=user).display_name == "Jo M."
    assert not Author.objects.filter(display_name__contains="login").exists()


def test_an_editor_gives_a_post_to_others():
    eva, _ = make_writer("Eva Stern", group="Editor")
    tom, ann = make_author("Tom"), make_author("Ann")
    eva.post(ADD_POST, form_of(title="Joint", author=tom.pk, co_authors=[ann.pk], _draft=""))
    assert Post.objects.get().byline == [tom, ann]


def test_an_author_cannot_sign_with_another_name():
    anna, profile = make_writer("Anna Reed")
    anna.post(ADD_POST, form_of(title="Mine", author=make_author("Tom").pk, _draft=""))
    assert Post.objects.get().author == profile


# --- Fields ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("machine learning, C++", ["C++", "machine learning"]),
        ('"food, wet", say ""', ["food, wet", 'say ""']),
        ("one,, two ,", ["one", "two"]),
        ("  ", []),
        ('an "unbalanced quote', ['an "unbalanced quote']),
    ],
)
def test_tags_stand_between_commas(text, names):
    anna, _ = make_writer("Anna Reed")
    anna.post(ADD_POST, form_of(tags=text, _draft=""))
    assert sorted(tag.name for tag in Post.objects.get().tags.all()) == sorted(names)


def test_a_tag_in_the_trash_stays_with_its_post():
    anna, profile = make_writer("Anna Reed")
    post = make_draft(author=profile, tags=["wind", "sea"])
    Tag.objects.get(name="wind").delete()
    anna.post(change_url(post), form_of(post, tags="kites"))
    Tag.all_objects.get(name="wind").restore()
    assert {tag.name for tag in post.tags.all()} == {"wind", "kites"}


def test_a_series_without_a_position_takes_the_last_place():
    anna, profile = make_writer("Anna Reed")
    series = make_series("Baking")
    make_post(author=profile, series=series)
    anna.post(ADD_POST, form_of(series=series.pk, _draft=""))
    assert Post.objects.latest("pk").series_position == 2


def test_a_cover_survives_an_error_elsewhere():
    anna, _ = make_writer("Anna Reed")
    refused = anna.post(ADD_POST, form_of(title="", upload=picture(), cover_alt="A boat", _draft=""))
    token = refused.context["adminform"].form.picture_token
    assert token in refused.content.decode()
    anna.post(ADD_POST, form_of(title="Boats", upload_token=token, cover_alt="A boat", _draft=""))
    post = Post.objects.get()
    assert (post.cover.width, post.cover_alt) == (40, "A boat")
    anna.post(change_url(post), form_of(post, remove_picture="on"))
    post.refresh_from_db()
    assert post.cover is None


def test_a_forged_picture_token_is_no_picture():
    anna, _ = make_writer("Anna Reed")
    anna.post(ADD_POST, form_of(upload_token="1", _draft=""))
    assert Post.objects.get().cover is None


def test_a_new_address_of_a_live_post_leaves_a_redirect():
    anna, profile = make_writer("Anna Reed")
    post = make_post("Old name", author=profile, categories=[make_category()])
    anna.post(change_url(post), form_of(post, slug="new-name"))
    assert Redirect.objects.get(old_path="/posts/old-name/").new_path == "/posts/new-name/"


def test_a_new_address_of_a_draft_leaves_none():
    anna, profile = make_writer("Anna Reed")
    post = make_draft("Old name", author=profile)
    anna.post(change_url(post), form_of(post, slug="new-name"))
    assert not Redirect.objects.exists()


def test_a_page_is_written_with_the_same_tools():
    eva, _ = make_writer("Eva Stern", group="Editor")
    eva.post("/admin/posts/page/add/", {"title": "About us", "body": "We.", "slug": "", "_publish": ""})
    page = Page.objects.get()
    assert page.is_published
    assert eva.get(change_url(page)).status_code == 200
    eva.post(change_url(page), {"title": "About us", "body": "We.", "slug": "who", "version": page.version})
    assert Redirect.objects.get(old_path="/about-us/").new_path == "/who/"
