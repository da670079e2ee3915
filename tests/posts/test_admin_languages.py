"""The language of a text, and its versions in others, as the writing screen sets them."""

from __future__ import annotations

import pytest

from posts import translations
from posts.models import Page, Post
from tests.factories import make_author, make_draft, make_page, make_post
from tests.posts.desk import ADD_POST, change_url, form_of, make_writer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


@pytest.fixture
def ed():
    return make_writer("Ed Stone", "Editor")[0]


def keys() -> set:
    return set(Post.objects.values_list("translation_key", flat=True))


def test_a_new_post_is_linked_to_the_text_that_it_translates(ed):
    english = make_post("The harbour")
    ed.post(ADD_POST, form_of(title="Der Hafen", language="de", translation_of=english.pk))

    assert Post.objects.get(title="Der Hafen").language == "de"
    assert len(keys()) == 1
    assert None not in keys()


def test_a_link_stays_when_the_post_is_saved_again(ed):
    english, german = make_post("The harbour"), make_draft("Der Hafen", language="de")
    translations.link(german, english)

    page = ed.get(change_url(german)).content.decode()
    assert f'<option value="{english.pk}" selected>The harbour</option>' in page
    ed.post(change_url(german), form_of(german, translation_of=english.pk))

    assert len(keys()) == 1


def test_a_link_is_taken_away(ed):
    english, german = make_post("The harbour"), make_draft("Der Hafen", language="de")
    translations.link(german, english)
    ed.post(change_url(german), form_of(german, translation_of=""))
    assert keys() == {None}


def test_a_post_changes_from_one_group_to_another(ed):
    english, other, german = make_post("The harbour"), make_post("The port"), make_draft("Der Hafen", language="de")
    translations.link(german, english)
    ed.post(change_url(german), form_of(german, translation_of=other.pk))

    for post in (english, other, german):
        post.refresh_from_db()
    assert english.translation_key is None
    assert german.translation_key == other.translation_key != None  # noqa: E711 -- one chain


def test_two_texts_of_a_language_are_refused_and_nothing_is_lost(ed):
    english = make_post("The harbour")
    form = form_of(title="The quay", body="A long thought.", translation_of=english.pk)
    page = ed.post(ADD_POST, form).content.decode()

    assert "“The quay” and “The harbour” are both in English." in page.replace("&quot;", '"')
    assert "A long thought." in page
    assert not Post.objects.filter(title="The quay").exists()


def test_a_linked_text_cannot_take_the_language_of_the_other(ed):
    english, german = make_post("The harbour"), make_draft("Der Hafen", language="de")
    translations.link(german, english)
    ed.post(change_url(german), form_of(german, language="en", translation_of=english.pk))
    german.refresh_from_db()
    assert german.language == "de"


def test_a_text_is_no_translation_of_itself(ed):
    post = make_draft("The harbour")
    page = ed.post(change_url(post), form_of(post, translation_of=post.pk)).content.decode()
    assert "A text is no translation of itself." in page


@pytest.mark.parametrize("choice", ["0", "x", "99999999999999999999999", "\0"])
def test_what_is_no_text_is_refused(ed, choice):
    assert ed.post(ADD_POST, form_of(title="On kites", translation_of=choice)).status_code == 200
    assert not Post.objects.exists()


def test_an_author_links_texts_of_their_own():
    anna, profile = make_writer("Anna Reed")
    hers, other = make_post("Hers", author=profile), make_draft("Secret", author=make_author())

    refused = anna.post(ADD_POST, form_of(title="Geheim", language="de", translation_of=other.pk))
    assert refused.status_code == 200
    assert "Secret" not in refused.content.decode()
    anna.post(ADD_POST, form_of(title="Ihres", language="de", translation_of=hers.pk))

    other.refresh_from_db()
    assert other.translation_key is None
    assert Post.objects.get(title="Ihres").translation_key


def test_pages_are_linked_alike(ed):
    english = make_page("About")
    form = {"title": "Über", "slug": "ueber", "body": "Wir.", "version": 0, "language": "de"}
    ed.post("/admin/posts/page/add/", form | {"translation_of": english.pk})
    assert len(set(Page.objects.values_list("translation_key", flat=True))) == 1
    assert Page.objects.get(slug="ueber").translation_key


@pytest.mark.parametrize(("app", "model", "field"), [("posts", "relatedpost", "other"), ("posts", "menuitem", "page")])
def test_other_texts_are_found_by_their_words(ed, app, model, field):
    make_post("The harbour")
    make_page("The harbour, a page")
    query = {"app_label": app, "model_name": model, "field_name": field, "term": "harbour"}
    results = ed.get("/admin/autocomplete/", query).json()["results"]
    assert len(results) == 1


def test_without_script_what_is_not_chosen_stands_in_a_list(ed):
    chosen, other = make_post("The harbour"), make_post("The port")
    german = make_draft("Der Hafen", language="de")
    translations.link(german, chosen)
    page = ed.get(change_url(german)).content.decode()

    plain = page.split('<select name="translation_of" size="6"')[1].split("</noscript>")[0]
    assert f'<option value="{other.pk}">The port</option>' in plain
    assert "The harbour" not in plain
