"""A text in a language of its own, on a site in another."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import translation

from posts import markup
from posts.models import SiteSettings
from posts.models.languages import languages, own_name
from posts.templatetags.languages import number
from tests.factories import make_post, make_staff
from tests.posts.desk import form_of_settings, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    """A request of another test leaves its language to the thread."""
    with translation.override("en"):
        yield


def said(post) -> str:
    return re.sub(r"<[^>]+>", "", post.html).strip()


@pytest.mark.parametrize(
    ("language", "quoted"),
    [
        ("", "“He says ‘no’, doesn’t he?”"),
        ("de", "„He says ‚no‘, doesn’t he?“"),
        ("es", "«He says “no”, doesn’t he?»"),
        ("es-mx", "“He says ‘no’, doesn’t he?”"),
        ("fr", "«\u202fHe says “no”, doesn’t he?\u202f»"),
        ("sv", "”He says ’no’, doesn’t he?”"),
        ("ja", "「He says 『no』, doesn’t he?」"),
    ],
)
def test_quotation_marks_are_those_of_the_language_of_a_text(language, quoted):
    assert said(make_post(body="\"He says 'no', doesn't he?\"", language=language)) == quoted


def test_the_words_that_rendering_adds_are_in_the_language_of_the_text():
    post = make_post(body="> [!WARNING]\n> Vorsicht.", language="de")
    assert said(post).startswith("Warnung")


def test_a_text_without_a_language_is_in_that_of_its_site():
    with translation.override("de"):
        assert said(make_post(body='"Ja"')) == "„Ja“"


def test_a_language_chosen_later_renders_the_text_anew():
    post = make_post(body='"Ja"')
    post.language = "de"
    post.save(update_fields=["language"])
    post.refresh_from_db()
    assert said(post) == "„Ja“"


def test_the_footer_is_in_the_language_of_the_site():
    SiteSettings(footer='"Ende"', language="de").save()
    assert "„Ende“" in SiteSettings.load().safe_footer


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1,234,567"), ("de", "1.234.567"), ("es", "1\xa0234\xa0567"), ("fr", "1\xa0234\xa0567")],
)
def test_a_quantity_is_written_as_its_language_does(language, written):
    with translation.override(language):
        assert number(1_234_567) == written
        assert number(2026) != "2026", "years do not pass here"


def test_no_language_lacks_quotation_marks():
    assert all(len(markup.quotes_of(code)) == 4 for code, _ in languages())


def test_a_language_calls_itself_by_its_own_name():
    assert [own_name(code) for code in ("de", "es", "ar", "ka")] == ["Deutsch", "Español", "العربيّة", "ქართული"]
    names = [name for _, name in languages()]
    assert names.index("Íslenska") < names.index("Kiswahili")


def test_who_changes_the_language_of_the_site_is_told_of_the_texts():
    editor = log_in(make_staff(group="Editor"))
    address = "/admin/posts/sitesettings/1/change/"
    assert "rerender" not in editor.post(address, form_of_settings(title="Crumbs"), follow=True).content.decode()
    assert "rerender" in editor.post(address, form_of_settings(language="de"), follow=True).content.decode()


def test_the_preview_of_the_editor_is_in_the_language_of_the_text():
    editor = log_in(make_staff(group="Editor"))
    for language, quoted in (("de", "„Ja“"), ("", "“Ja”"), ("<b>", "“Ja”")):
        answer = editor.post(reverse("admin:posts_post_preview"), {"body": '"Ja"', "language": language}).json()
        assert quoted in answer["html"]
        assert (answer["lang"], answer["dir"]) == (language if language == "de" else "en", "ltr")
