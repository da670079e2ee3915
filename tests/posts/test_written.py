"""What posts and pages do with their text."""

import pytest

from posts.models import Page, written
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db


def test_the_words_that_rendering_adds_are_those_of_the_language(monkeypatch):
    monkeypatch.setattr(written, "gettext", lambda word: f"{word}, en français")
    post = make_post(body="> [!NOTE]\n> A word.\n\n## Title")
    assert "Note, en français" in post.html
    assert "Link to this section: Title, en français" in post.html


@pytest.mark.parametrize("status", Page.Status.values)
@pytest.mark.parametrize("trashed", [False, True])
def test_a_page_is_published_in_python_as_in_sql(status, trashed):
    page = make_page(status=status)
    if trashed:
        page.delete()
    assert page.is_published == Page.published.exists()


def test_saving_only_other_fields_neither_renders_nor_counts_up():
    post = make_post(body="One.")
    post.body, post.pinned = "Two.", True
    post.save(update_fields=["pinned"])
    post.refresh_from_db()
    assert (post.body, post.version, post.pinned) == ("One.", 1, True)


def test_saving_the_body_alone_saves_what_is_rendered_from_it():
    post = make_post(body="One.")
    post.body = "Two words."
    post.save(update_fields=["body"])
    post.refresh_from_db()
    assert (post.excerpt, post.word_count, post.version) == ("Two words.", 2, 2)
