"""A text in several languages: each version leads to the others, and none to what readers may not see."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from posts import translations
from posts.models import Post, SiteSettings
from tests.factories import make_draft, make_page, make_post

pytestmark = pytest.mark.django_db


def linked(*texts):
    for text in texts[1:]:
        translations.link(texts[0], text)
    return texts


def alternates(client, text) -> dict[str, str]:
    html = client.get(text.get_absolute_url()).content.decode()
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="http://testserver([^"]+)">', html))


def other_languages(client, text) -> list[str]:
    html = client.get(text.get_absolute_url()).content.decode()
    return re.findall(r'<a href="[^"]+" rel="alternate" hreflang="([^"]+)"', html)


def test_each_version_leads_to_the_others_in_their_own_words(client):
    english, german, arabic = linked(
        make_post("Tea"), make_post("Tee", language="de"), make_post("شاي", slug="shay", language="ar")
    )
    html = client.get(english.get_absolute_url()).content.decode()
    assert 'Also in <a href="/posts/tee/" rel="alternate" hreflang="de" lang="de" dir="ltr">Deutsch</a>, ' in html
    assert 'hreflang="ar" lang="ar" dir="rtl">العربيّة</a>' in html
    assert other_languages(client, german) == ["en", "ar"]
    for version in (english, german, arabic):
        assert alternates(client, version) == {
            "en": "/posts/tea/",
            "x-default": "/posts/tea/",
            "de": "/posts/tee/",
            "ar": "/posts/shay/",
        }


def test_where_no_version_is_in_the_language_of_the_site_the_oldest_is_for_everyone_else(client):
    german, spanish = linked(make_post("Tee", language="de"), make_post("Té", language="es"))
    assert alternates(client, spanish)["x-default"] == german.get_absolute_url()


def test_pages_are_linked_as_posts_are(client):
    about, ueber = linked(make_page("About"), make_page("Über mich", slug="ueber-mich", language="de"))
    assert other_languages(client, about) == ["de"]
    assert alternates(client, ueber) == {"en": "/about/", "x-default": "/about/", "de": "/ueber-mich/"}


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Post.Status.DRAFT},
        {"visibility": Post.Visibility.PRIVATE},
        {"visibility": Post.Visibility.UNLISTED},
        {"publish_at": timezone.now() + timedelta(days=1)},
        {"unpublish_at": timezone.now() - timedelta(minutes=1)},
        {"deleted_at": timezone.now()},
    ],
    ids=["draft", "private", "unlisted", "scheduled", "expired", "trashed"],
)
def test_a_hidden_version_is_not_hinted_at(client, hidden):
    english, german = linked(make_post("Tea"), make_post("Tee", language="de"))
    Post.all_objects.filter(pk=german.pk).update(**hidden)
    html = client.get(english.get_absolute_url()).content.decode()
    assert "Also in" not in html
    assert "hreflang" not in html
    assert "tee" not in html


def test_an_unlisted_version_leads_to_the_others_but_tells_search_engines_nothing(client):
    english, german, _ = linked(
        make_post("Tea", visibility=Post.Visibility.UNLISTED),
        make_post("Tee", language="de"),
        make_post("Té", language="es"),
    )
    assert other_languages(client, english) == ["de", "es"]
    assert alternates(client, english) == {}
    assert other_languages(client, german) == ["es"]


def test_a_draft_among_the_pages_is_not_linked(client):
    about, ueber = linked(make_page("About"), make_page("Über mich", language="de"))
    type(ueber).objects.filter(pk=ueber.pk).update(status="draft")
    assert other_languages(client, about) == []


def test_versions_cost_one_query_and_none_where_there_are_none():
    lonely = make_post()
    texts = linked(*(make_post(language=code) for code in ("en", "de", "es", "fr")))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert translations.versions(lonely, "en") == []
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        assert [version.name for version in translations.versions(texts[0], "en")] == [
            "Deutsch",
            "English",
            "Español",
            "Français",
        ]
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert len(translations.versions_of_many([lonely, *texts], "en")[texts[0].translation_key]) == 4
    assert len(queries) == 1


def test_a_page_with_versions_costs_one_query_more(client):
    lonely, english, _ = make_post(), *linked(make_post(), make_post(language="de"))
    costs = []
    for post in (lonely, english):
        client.get(post.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(post.get_absolute_url())
        costs.append(len(queries))
    assert costs[1] <= costs[0] + 1


def test_two_groups_that_are_linked_become_one():
    english, german = linked(make_post(), make_post(language="de"))
    _, french = linked(make_post(language="es"), make_post(language="fr"))
    translations.link(german, french)
    english.refresh_from_db()
    assert len(translations.versions(english, "en")) == 4


def test_two_texts_in_one_language_are_refused_in_a_sentence():
    SiteSettings(language="de").save()
    english, german = linked(make_post("Tea", language="en"), make_post("Tee"))
    with pytest.raises(ValidationError) as error:
        translations.link(english, make_post("Ein Tee", language="de"))
    assert error.value.code == "language_taken"
    assert error.value.messages == ["“Tee” and “Ein Tee” are both in Deutsch. Give one of them another language first."]
    german.language = "en"
    with pytest.raises(ValidationError, match="are both in English"):
        translations.refuse_unfitting(german, english)


def test_a_text_is_no_translation_of_itself_nor_of_a_page():
    post = make_post()
    with pytest.raises(ValidationError, match="no translation of itself"):
        translations.link(post, post)
    with pytest.raises(ValidationError, match="A post is translated by a post"):
        translations.link(post, make_page())


def test_a_group_of_one_is_none():
    english, german = linked(make_post(), make_draft(language="de"))
    translations.unlink(english)
    german.refresh_from_db()
    assert english.translation_key is german.translation_key is None
    translations.unlink(english)


def test_words_in_another_language_say_so_wherever_they_stand(client):
    SiteSettings(language="ar").save()
    german = make_post("Über den Tee", body="Ja.", summary="Kurz.", language="de")
    make_post("شاي", slug="shay")
    home = client.get("/").content.decode()
    assert '<html lang="ar" dir="rtl"' in home
    assert '<h2 lang="de" dir="ltr"><a href="/posts/uber-den-tee/">Über den Tee</a>' in home
    assert '<p class="teaser" lang="de" dir="ltr">' in home
    assert '<h2><a href="/posts/shay/">' in home
    page = client.get(german.get_absolute_url()).content.decode()
    assert '<h1 lang="de" dir="ltr">' in page
    assert '<div class="prose" lang="de" dir="ltr"><p>Ja.</p>' in page
    other = client.get("/posts/shay/").content.decode()
    assert '<bdi lang="de" dir="ltr">Über den Tee</bdi>' in other


def test_a_language_that_nobody_knows_does_no_harm(client):
    post = make_post(language="en")
    Post.objects.filter(pk=post.pk).update(language="tlh")
    assert client.get(post.get_absolute_url()).status_code == 200
