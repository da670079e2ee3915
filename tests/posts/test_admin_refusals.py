"""What an editor, or a script in an editor's name, may send in vain: too much, or what makes no sense."""

from __future__ import annotations

import pytest

from posts import markup
from posts.models import Post, Tag
from tests.factories import make_draft, make_page, make_post
from tests.posts.desk import ADD_POST, change_url, form_of, make_writer, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def test_a_body_of_a_megabyte_is_saved():
    anna, _ = make_writer("Anna Reed")
    body = ("word " * 200_000)[: markup.MAX_BODY_LENGTH - 1] + "."
    anna.post(ADD_POST, form_of(title="Long", body=body, _draft=""))
    assert len(Post.objects.get().body) == len(body)


def test_a_longer_body_is_refused_in_words():
    anna, _ = make_writer("Anna Reed")
    response = anna.post(ADD_POST, form_of(title="Long", body="x" * 10_000_000, _draft=""))
    assert response.status_code == 200
    assert "This text has 10000000 characters; the limit is 1000000." in response.content.decode()
    assert not Post.objects.exists()


def test_a_request_beyond_all_bounds_is_refused():
    anna, _ = make_writer("Anna Reed")
    response = anna.post(ADD_POST, form_of(title="Long", body="x" * 13_000_000))
    assert response.status_code == 413
    assert "This is too large to be taken." in response.content.decode()


@pytest.mark.parametrize(
    "name", ["title", "slug", "summary", "tags", "cover_alt", "seo_title", "canonical_url", "body"]
)
@pytest.mark.parametrize(
    "value",
    [
        "\x00\x0b",
        "\ud800".encode("utf-8", "surrogatepass"),
        "x" * 5000,
        "<script>alert(1)</script>",
        "../../x",
        "🧂" * 300,
    ],
)
def test_whatever_stands_in_a_field_nothing_breaks(name, value):
    anna, _ = make_writer("Anna Reed")
    response = anna.post(ADD_POST, form_of(**{"title": "Naughty", name: value, "_draft": ""}))
    assert response.status_code in {200, 302}


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "x"},
        {"publish_at": "yesterday"},
        {"categories": ["abc", "999999"]},
        {"series": "1e9"},
        {"series_position": "-1"},
        {"publish_at": "9999-12-31T23:59"},
        {"publish_at": "0001-01-01T00:00"},
    ],
)
def test_crafted_values_are_refused_or_taken_but_never_break(wrong):
    anna, profile = make_writer("Anna Reed")
    post = make_draft(author=profile)
    assert anna.post(change_url(post), form_of(post, **wrong)).status_code in {200, 302}


def test_old_versions_of_a_page_are_refused_too():
    eva, _ = make_writer("Eva Stern", group="Editor")
    page = make_page("About")
    response = eva.post(
        change_url(page), {"title": "About", "body": "Old.", "slug": "about", "version": page.version - 1}
    )
    assert "Someone has saved this text" in response.content.decode()


@pytest.mark.parametrize(("typed", "checks", "status"), [("", 2, 302), ("rye", 1, 200)])
def test_two_saves_take_one_slug_at_once(anna, monkeypatch, typed, checks, status):
    """The check sees no such slug yet, and then the database does: what was written comes back, or gets another."""
    make_post("Rye", slug="rye")
    answers = iter([False] * checks)
    look = Post.slug_is_taken
    monkeypatch.setattr(Post, "slug_is_taken", lambda post, slug: next(answers, True) and look(post, slug))
    response = anna.post(ADD_POST, form_of(title="Rye", slug=typed, upload=picture()))
    assert response.status_code == status
    if typed:
        assert "slug" in response.context["adminform"].form.errors
    else:
        assert Post.objects.filter(slug="rye-2", cover__isnull=False).exists()


def test_a_tag_is_measured_as_it_is_kept(anna):
    """U+FDFA is one character to type, and eighteen once normalised."""
    response = anna.post(ADD_POST, form_of(title="Long", tags="\ufdfa" * 90))
    assert "tags" in response.context["adminform"].form.errors


@pytest.mark.parametrize("name", ["Μαΐου", "ΰ" * 100, "ß" * 100, "ǰ", "İstanbul", "ﬃ"])
def test_a_tag_is_found_again_whatever_its_letters(anna, name):
    for title in ("One", "Two"):
        assert anna.post(ADD_POST, form_of(title=title, tags=name)).status_code == 302
    assert Tag.objects.get().items.count() == 2


@pytest.mark.parametrize("address", [ADD_POST, "/admin/posts/page/add/", "/admin/posts/category/add/"])
def test_what_has_no_title_is_refused_in_words_for_people(eva, address):
    page = eva.post(address, form_of(None, title="", name="")).content.decode()
    assert "<title>Error: Add" in page
    assert "Constraint" not in page
