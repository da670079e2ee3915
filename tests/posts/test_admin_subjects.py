"""Tags, categories, authors, pictures, the settings, and the first page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.redirects.models import Redirect
from django.utils import timezone

from posts.models import Author, Category, Image, SiteSettings, Tag
from tests.factories import make_author, make_category, make_draft, make_page, make_post, make_staff
from tests.posts.desk import change_url, form_of_settings, log_in, make_writer, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


TAGS = "/admin/posts/tag/"


def test_merging_asks_first_and_then_makes_one_tag_of_several(eva):
    one, two = make_post(tags=["gulls", "sea"]), make_post(tags=["gull"])
    both = make_post(tags=["gull", "gulls"])
    gull, gulls = Tag.objects.get(name="gull"), Tag.objects.get(name="gulls")
    data = {"action": "merge_selected", "_selected_action": [gull.pk, gulls.pk]}
    assert "The posts of all these tags" in eva.post(TAGS, data).content.decode()
    assert Tag.objects.filter(pk=gull.pk).exists()

    eva.post(TAGS, {**data, "confirmed": "yes", "kept": gulls.pk})

    assert {tag.name for tag in one.tags.all()} == {"gulls", "sea"}
    assert [tag.name for tag in two.tags.all()] == ["gulls"]
    assert [tag.name for tag in both.tags.all()] == ["gulls"]
    assert Tag.trash.get().name == "gull"
    assert Redirect.objects.get(old_path="/tag/gull/").new_path == "/tag/gulls/"


def test_one_tag_is_not_merged_nor_into_a_stranger(eva):
    gull, gulls, other = (Tag.objects.create(name=name) for name in ("gull", "gulls", "other"))
    page = eva.post(TAGS, {"action": "merge_selected", "_selected_action": [gull.pk]}, follow=True)
    assert "Choose two tags or more" in page.content.decode()
    data = {"action": "merge_selected", "_selected_action": [gull.pk, gulls.pk], "confirmed": "yes", "kept": other.pk}
    assert eva.post(TAGS, data).status_code == 200
    assert Tag.objects.count() == 3


def test_merging_needs_the_right_to_change_and_to_delete(eva):
    gull, gulls = Tag.objects.create(name="gull"), Tag.objects.create(name="gulls")
    anna, _ = make_writer("Anna Reed")
    data = {"action": "merge_selected", "_selected_action": [gull.pk, gulls.pk], "confirmed": "yes", "kept": gulls.pk}
    anna.post(TAGS, data)
    assert Tag.objects.count() == 2


def test_two_spellings_of_one_tag_are_refused(eva):
    Tag.objects.create(name="Django")
    response = eva.post("/admin/posts/tag/add/", {"name": " DJANGO ", "slug": ""})
    assert "There is such a tag already." in response.content.decode()


def test_taggit_s_own_tags_and_sites_are_out_of_sight(eva):
    root = make_staff(is_superuser=True)
    page = log_in(root).get("/admin/").content.decode()
    assert "/admin/taggit/" not in page
    assert "/admin/sites/" not in page


def test_a_category_moves_and_its_old_address_follows(eva):
    category = make_category("Wind")
    eva.post(change_url(category), {"name": "Wind", "slug": "winds", "description": "", "parent": ""})
    assert Redirect.objects.get(old_path="/category/wind/").new_path == "/category/winds/"


def test_a_category_below_itself_is_refused(eva):
    parent = make_category("Sea")
    child = make_category("Tides", parent=parent)
    data = {"name": "Sea", "slug": "sea", "parent": child.pk}
    assert "A category cannot stand below itself." in eva.post(change_url(parent), data).content.decode()
    assert Category.objects.get(pk=parent.pk).parent is None


def test_an_author_gets_a_portrait(eva):
    author = make_author("Tom Ferry")
    data = {"display_name": "Tom Ferry", "slug": author.slug, "bio": "Sails.", "user": "", "upload": picture()}
    eva.post(change_url(author), data)
    assert Author.objects.get(pk=author.pk).picture.width == 40


# --- Pictures --------------------------------------------------------------------------------------------------------


def test_pictures_are_added_described_and_listed(eva):
    eva.post("/admin/posts/image/add/", {"upload": picture(), "alt": "A boat"})
    image = Image.objects.get()
    assert (image.alt, image.width) == ("A boat", 40)
    assert image.file.url in eva.get("/admin/posts/image/").content.decode()
    eva.post(change_url(image), {"alt": "A green boat"})
    image.refresh_from_db()
    assert image.alt == "A green boat"


def test_an_svg_is_no_picture(eva):
    sent = picture(name="x.svg")
    sent.seek(0)
    sent.truncate()
    sent.write(b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')
    sent.seek(0)
    response = eva.post("/admin/posts/image/add/", {"upload": sent, "alt": ""})
    assert "This file is not a picture that can be read." in response.content.decode()
    assert not Image.objects.exists()


def test_a_picture_in_use_stays_and_another_goes_with_its_file(eva, django_capture_on_commit_callbacks):
    eva.post("/admin/posts/image/add/", {"upload": picture(), "alt": ""})
    image = Image.objects.get()
    post = make_post("Boats", body=f"![boat]({image.file.url})")
    page = eva.post(change_url(image, "delete"), {"post": "yes"}, follow=True).content.decode()
    assert "This picture is shown in “Boats”." in page
    post.purge()
    with django_capture_on_commit_callbacks(execute=True):
        eva.post(change_url(image, "delete"), {"post": "yes"})
    assert not Image.objects.exists()
    assert not image.file.storage.exists(image.file.name)


# --- Settings and the first page -------------------------------------------------------------------------------------


def test_the_settings_are_one_form(eva):
    response = eva.get("/admin/posts/sitesettings/", follow=True)
    assert response.status_code == 200
    data = form_of_settings(title="Slack Water", time_zone="Europe/Lisbon", posts_per_page=7, accent="teal")
    page = eva.post("/admin/posts/sitesettings/1/change/", data, follow=True).content.decode()
    assert "Saved: the whole site follows at once." in page
    assert SiteSettings.load().posts_per_page == 7
    assert "accent-teal" in page
    assert eva.get("/admin/posts/sitesettings/add/").status_code == 403
    assert eva.post("/admin/posts/sitesettings/1/delete/", {"post": "yes"}).status_code == 403
    assert eva.get("/admin/posts/sitesettings/2/change/").status_code == 302


def test_the_first_page_shows_what_waits(eva):
    make_draft("Half a thought")
    make_post("Next week", publish_at=timezone.now() + timedelta(days=7))
    page = eva.get("/admin/").content.decode()
    assert page.index("Write a post") < page.index("Half a thought") < page.index("Next week")


def test_the_first_page_of_an_author_shows_nothing_of_others():
    anna, profile = make_writer("Anna Reed")
    make_draft("Tom's thought")
    make_draft("My thought", author=profile)
    page = anna.get("/admin/").content.decode()
    assert "My thought" in page
    assert "Tom&#x27;s thought" not in page


def test_the_first_page_of_a_moderator_opens():
    page = log_in(make_staff(group="Moderator")).get("/admin/").content.decode()
    assert "Drafts to finish" not in page
    assert "Write a post" not in page


@pytest.mark.parametrize("make", [make_category, make_post, make_page])
def test_a_slug_is_checked_as_it_is_kept(eva, make):
    """U+FB1D is one letter, which cleaning takes apart into a letter and a mark: no address can hold that."""
    row = make("Any")
    fields = {"name": "Any", "title": "Any", "body": "Words.", "visibility": "public", "version": 1, "slug": "\ufb1dod"}
    response = eva.post(change_url(row), fields)
    assert "slug" in response.context["adminform"].form.errors
