"""Finding what has been published: one contract, on whichever engine the tests run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from posts.models import Post, SearchDocument
from posts.search import Filters, near, search, similar
from tests.factories import make_author, make_category, make_draft, make_post

pytestmark = pytest.mark.django_db


def titles(query: str, **filters: object) -> list[str]:
    return [hit.post.title for hit in search(query, Filters(**filters)).hits]  # type: ignore[arg-type]  # of any filter


def test_every_word_must_occur_somewhere():
    make_post("Bread", body="Flour and water.")
    make_post("Soup", body="Water and salt.")
    assert titles("water flour") == ["Bread"]
    assert titles("WATER sal") == ["Soup"]
    assert titles("wine") == []


def test_a_title_stands_above_a_text():
    make_post("Of yeast")
    make_post("Newer", body="A word on yeast.")
    assert titles("yeast") == ["Of yeast", "Newer"]


def test_other_forms_of_a_word_are_found():
    make_post("Runners", body="They ran; others were running.")
    assert titles("run") == ["Runners"]


def test_accents_make_no_difference():
    make_post("Café crème")
    make_post("Strasse", body="Eine Straße in Zürich")
    assert titles("cafe creme") == ["Café crème"]
    assert titles("CAFÉ") == ["Café crème"]
    assert titles("straße zurich") == ["Strasse"]


def test_a_post_is_found_by_the_rules_of_its_own_language():
    make_post("Bread")
    make_post("Häuser", body="Die Katzen schliefen.", language="de")
    assert titles("haus katze") == ["Häuser"]
    assert titles("bread") == ["Bread"]


def test_posts_are_found_in_however_many_languages_a_site_is_written():
    codes = ["ar", "ca", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "hu", "it", "nl", "pl", "ru", "sv"]
    for code in codes:
        make_post(f"In {code}", body="Rust 1.56.0", language=code)
    assert set(titles("1.56.0")) == {f"In {code}" for code in codes}


def test_posts_are_found_however_far_apart_their_ids_are():
    bread = make_category("Bread")
    ids = [1, 2_047, 2_048, 5_000, 50_000, 5_000_000, 5_000_001]
    for pk in ids:
        make_post(f"Number {pk}", pk=pk, body="Rye bread.", categories=[bread])
    make_draft("Bread")
    for query, filters in [("bread", {}), ('"rye bread"', {}), ("bread", {"category": "bread"})]:
        assert {hit.post.pk for hit in search(query, Filters(**filters)).hits} == set(ids)


def test_a_phrase_is_found_in_its_order():
    make_post("One", body="The borrow checker is strict.")
    make_post("Two", body="A checker of what you borrow.")
    assert titles('"borrow checker"') == ["One"]
    assert set(titles("borrow checker")) == {"One", "Two"}


def test_no_phrase_leads_from_the_title_into_the_text():
    make_post("Fresh bread", body="Knife and board.", summary="Butter first")
    assert titles('"bread knife"') == titles('"bread butter"') == titles('"first knife"') == []


def test_a_word_may_be_begun():
    make_post("Compilation", body="Slow.")
    make_post("Compilers", body="Fast.")
    assert set(titles("compil")) == {"Compilation", "Compilers"}
    assert "Compilation" in titles("compilatio")
    assert titles("compila* slow") == ["Compilation"]
    assert titles("compila slow") == []


def test_the_word_itself_stands_above_one_that_begins_alike():
    make_post("Rust")
    make_post("Rustaceans")
    assert titles("rust") == ["Rust", "Rustaceans"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("c++", "Written in C++."),
        ("C#", "Written in C#."),
        (".net", "On .NET, that is"),
        ("1.56", "Rust 1.56.0 is out"),
        ("async/await", "Now async/await works"),
        ("foo_bar", "Call `foo_bar()`."),
        ("日本", "東京は日本の首都です"),
        ("都", "東京は日本の首都です"),
        ("首都", "東京は日本の首都です"),
        ("Москва", "в Москве"),
        ("don’t", "We don't."),
        ("unwrap", "```rust\nx.unwrap();\n```"),
    ],
)
def test_words_that_are_not_like_others_are_found(query, text):
    make_post("Found", body=text, language="ru" if query == "Москва" else "")
    make_post("Another", body="C and dot net, 1.5 and 56, foo with a bar, async but no await. 日 本")
    assert titles(query) == ["Found"]


def test_finds_are_narrowed_and_counted():
    bread, soup = make_category("Bread"), make_category("Soup")
    ada, bob = make_author("Ada"), make_author("Bob")
    make_post("Rye", author=ada, categories=[bread], tags=["Dark"], publish_at=datetime(2020, 5, 1, tzinfo=UTC))
    spring = datetime(2024, 5, 1, tzinfo=UTC)
    make_post("Rye soup", author=bob, categories=[bread, soup], tags=["Dark", "Hot"], publish_at=spring)
    make_post("Wheat", author=bob, categories=[bread])
    found = search("rye")
    assert [(facet.name, facet.count) for facet in found.categories] == [("Bread", 2), ("Soup", 1)]
    assert [(facet.value, facet.count) for facet in found.tags] == [("dark", 2), ("hot", 1)]
    assert [(facet.name, facet.count) for facet in found.authors] == [("Ada", 1), ("Bob", 1)]
    assert [(facet.value, facet.count) for facet in found.years] == [("2024", 1), ("2020", 1)]
    assert titles("rye", category="soup") == titles("rye", tag="hot") == titles("rye", author="bob") == ["Rye soup"]
    assert titles("rye", year=2020) == ["Rye"]
    assert titles("rye", category="none") == titles("rye", tag="none") == titles("rye", author="none") == []
    selected = search("rye", Filters(tag="hot"))
    assert [(facet.value, facet.is_selected) for facet in selected.tags] == [("hot", True), ("dark", False)]


def test_whoever_is_called_a_co_author_of_their_own_post_is_counted_once():
    ada, bob = make_author("Ada"), make_author("Bob")
    make_post("Rye", author=ada).co_authors.set([ada, bob])
    assert [(facet.name, facet.count) for facet in search("rye").authors] == [("Ada", 1), ("Bob", 1)]


def test_words_found_are_marked_and_all_else_is_escaped():
    make_post("Bread & <b>butter</b>", body="x " * 300 + "\n\nA slice of *bread* with <i>butter</i> & `<salt>`.")
    hit = search("breads").hits[0]
    assert hit.title == "<mark>Bread</mark> &amp; &lt;b&gt;butter&lt;/b&gt;"
    assert "A slice of <mark>bread</mark> with butter &amp; &lt;salt&gt;." in hit.snippet
    assert len(hit.snippet) < 400


def test_a_typo_gets_a_better_idea():
    make_post("Concurrency", body="Fearless, fearless.")
    assert search("concurency").suggestion == "concurrency"
    assert search("fearles concurrenyc").suggestion == "fearless concurrency"
    assert search("concurrency").suggestion == ""
    assert search("xylophone").suggestion == ""


def test_typos_in_two_words_get_a_better_idea_though_one_of_them_may_be_several():
    make_post("Bread", body="An oven, an oven, a starter, a starter.")
    make_post("Windows", body="A starer, a starer.")
    make_post("Baskets", body="Woven, woven.")
    assert search("starrer ovven").suggestion == "starter oven"
    assert search("ovven starrer").suggestion == "oven starter"
    assert search("ovven starter").suggestion == "oven starter"


def test_no_form_of_a_word_is_suggested_that_only_a_hidden_text_has():
    make_post("Kwyjibo")
    make_draft("Kwyjibos")
    assert search("kwyjibbos").suggestion == "kwyjibo"


def test_nothing_hidden_is_found_counted_or_hinted():
    category = make_category("Secret")
    hidden = {"categories": [category], "tags": ["secret"]}
    now = timezone.now()
    make_draft("Clandestine", **hidden)
    make_post("Clandestine", publish_at=now + timedelta(hours=1), **hidden)
    make_post("Clandestine", publish_at=now - timedelta(hours=2), unpublish_at=now - timedelta(hours=1), **hidden)
    make_post("Clandestine", visibility="unlisted", **hidden)
    make_post("Clandestine", visibility="private", **hidden)
    make_post("Clandestine", **hidden).delete()
    shown = make_post("Shown", body="Clandestine words.", author=make_author("Ada"))
    found = search("clandestine")
    assert [hit.post for hit in found.hits] == [shown]
    assert found.total == 1
    assert found.categories == found.tags == []
    shown.delete()
    assert search("clandestine").hits == []
    assert search("clandestin").suggestion == search("klandestine").suggestion == ""
    assert near("clandestine") == []
    assert similar(shown) == []


@pytest.mark.parametrize("filters", [{}, {"category": "quay"}, {"category": "quay", "tag": "boats"}], ids=str)
def test_what_a_search_finds_is_true_of_one_moment(filters, monkeypatch):
    """While it goes on, so does the clock: past a moment at which one post comes and another one goes."""
    moment = timezone.now()
    common = {"categories": [make_category("Quay")], "tags": ["boats"]}
    make_post("Coming harbour", publish_at=moment, **common)
    make_post("Going harbour", publish_at=moment - timedelta(hours=1), unpublish_at=moment, **common)

    for asked_before in range(6):
        ticks = iter([moment - timedelta(microseconds=1)] * asked_before)
        monkeypatch.setattr(timezone, "now", lambda ticks=ticks: next(ticks, moment))
        results = search("harbour", Filters(**filters))
        assert (results.total, len(results.hits)) == (1, 1)


def test_a_change_of_any_kind_shows_at_once():
    post = make_post("Bread")
    post.title = "Cake"
    post.save(update_fields=["title"])
    assert (titles("bread"), titles("cake")) == ([], ["Cake"])
    Post.objects.filter(pk=post.pk).update(status="draft")
    assert titles("cake") == []
    Post.objects.filter(pk=post.pk).update(status="published")
    post.delete()
    assert titles("cake") == []
    post.restore()
    assert titles("cake") == ["Cake"]
    post.purge()
    assert titles("cake") == []
    assert not SearchDocument.objects.exists()


def test_near_titles_are_offered_for_an_address_that_is_not_there():
    make_post("Async/await hits beta")
    make_post("Async in depth")
    make_post("Bread")
    assert [post.title for post in near("/posts/async-awiat-hits-beta")] == ["Async/await hits beta", "Async in depth"]
    assert near("") == near("/%%%") == []


def test_posts_about_the_same_are_similar():
    bread = make_post("Sourdough bread", body="Flour, flour, yeast and more yeast.")
    cake = make_post("Cake", body="Flour and yeast; flour and yeast.")
    make_post("Engines", body="Pistons, pistons.")
    found = similar(bread)
    assert [pk for pk, _ in found] == [cake.pk]
    assert 0 < found[0][1] <= 1
