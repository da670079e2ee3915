"""The settings of the site that are about feeds, the podcast, crawlers and the hub: kept, or refused in a sentence."""

from __future__ import annotations

import pytest
from django.test import Client

from posts.models import Image, PodcastCategory, SiteSettings
from tests.factories import make_staff
from tests.posts.desk import change_url, form_of_settings, log_in, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SETTINGS = "/admin/posts/sitesettings/1/change/"


@pytest.fixture
def ed() -> Client:
    return log_in(make_staff(group="Editor"))


def test_a_podcast_is_described(ed):
    form = form_of_settings(
        podcast_author="Ruth Alderney",
        podcast_email="radio@example.org",
        podcast_category=PodcastCategory.SCIENCE,
        podcast_explicit="on",
        upload=picture(1400, 1400),
    )
    ed.post(SETTINGS, form)

    site = SiteSettings.load()
    assert (site.podcast_author, site.podcast_category, site.podcast_explicit) == ("Ruth Alderney", "Science", True)
    assert (site.podcast_image.width, site.podcast_image.height) == (1400, 1400)
    assert site.podcast_image.file.url in ed.get(SETTINGS).content.decode()


def test_a_cover_stays_until_it_is_removed(ed):
    ed.post(SETTINGS, form_of_settings(upload=picture(1400, 1400)))
    ed.post(SETTINGS, form_of_settings(title="Slack Water"))
    assert SiteSettings.load().podcast_image
    ed.post(SETTINGS, form_of_settings(remove_picture="on"))
    assert SiteSettings.load().podcast_image is None


@pytest.mark.parametrize(
    ("width", "height", "kind"), [(1400, 1300, "PNG"), (1399, 1399, "PNG"), (3001, 3001, "PNG"), (1400, 1400, "WEBP")]
)
def test_a_cover_that_directories_refuse_is_refused_in_a_sentence(ed, width, height, kind):
    page = ed.post(SETTINGS, form_of_settings(upload=picture(width, height, kind=kind))).content.decode()
    assert "Directories take a square JPEG or PNG of 1400 to 3000 pixels a side." in page
    assert SiteSettings.load().podcast_image is None


def test_a_cover_is_not_lost_by_an_error_elsewhere(ed):
    response = ed.post(SETTINGS, form_of_settings(title="", upload=picture(1400, 1400)))
    token = response.context["adminform"].form.picture_token
    assert not SiteSettings.load().podcast_image
    ed.post(SETTINGS, form_of_settings(upload_token=token))
    assert SiteSettings.load().podcast_image == Image.objects.get()


@pytest.mark.parametrize("contact", ["", "holes@example.org", "https://example.org/@holes"])
def test_holes_are_told_by_mail_or_on_a_page(ed, contact):
    ed.post(SETTINGS, form_of_settings(security_contact=contact))
    assert SiteSettings.load().security_contact == contact


@pytest.mark.parametrize("contact", ["http://example.org/", "call me", "javascript:alert(1)", "holes@"])
def test_what_is_no_contact_is_refused_in_a_sentence(ed, contact):
    page = ed.post(SETTINGS, form_of_settings(security_contact=contact)).content.decode()
    assert "Give an e-mail address, or a web address that begins with https://." in page


@pytest.mark.parametrize("hub", ["ftp://hub.example.org/", "hub", "javascript:alert(1)"])
def test_what_is_no_hub_is_refused(ed, hub):
    ed.post(SETTINGS, form_of_settings(websub_hub=hub))
    assert SiteSettings.load().websub_hub == ""


def test_a_hub_is_kept(ed):
    ed.post(SETTINGS, form_of_settings(websub_hub="https://hub.example.org/"))
    assert SiteSettings.load().websub_hub == "https://hub.example.org/"


@pytest.mark.parametrize("group", ["Author", "Moderator"])
def test_the_settings_are_for_editors(group):
    client = log_in(make_staff(group=group))
    assert client.get(change_url(SiteSettings(pk=1))).status_code == 403
    assert client.post(SETTINGS, form_of_settings(title="Mine")).status_code == 403
