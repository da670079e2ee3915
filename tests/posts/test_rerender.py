"""Rendering everything again: what readers see changes, what was written does not."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from posts import markup
from posts.management.commands import rerender
from posts.models import Page, Post, SiteSettings
from posts.progress import INTERRUPTED
from tests.factories import make_page, make_post

pytestmark = pytest.mark.django_db

ORIGINAL = markup.render


def run() -> str:
    out = io.StringIO()
    call_command("rerender", stdout=out, stderr=io.StringIO())
    return out.getvalue().strip()


def make_stale() -> None:
    for model in (Post, Page):
        model.all_objects.update(body_html="stale", excerpt="stale", word_count=0)
    SiteSettings.objects.update(footer_html="stale")


def test_all_that_is_rendered_is_rendered_again():
    texts = [make_post(body="One *two*."), make_page(body="Three."), make_post(body="Four.")]
    texts[2].delete()
    SiteSettings(footer="A *footer*.").save()
    before = [(text.body_html, text.excerpt, text.word_count) for text in texts]
    make_stale()

    assert run() == "Rendered 3 of 3 posts and pages; 3 have changed."

    for text in texts:
        text.refresh_from_db()
    assert [(text.body_html, text.excerpt, text.word_count) for text in texts] == before
    assert "<em>footer</em>" in SiteSettings.load().footer_html
    assert run() == "Rendered 3 of 3 posts and pages; 0 have changed."


def test_dates_and_versions_stay():
    post = make_post()
    make_stale()

    run()

    again = Post.objects.get()
    assert (again.updated_at, again.version) == (post.updated_at, post.version)
    assert again.body_html != "stale"


def test_batches_cover_everything(monkeypatch):
    monkeypatch.setattr("posts.batches.SIZE", 2)
    for _ in range(5):
        make_post()
    make_stale()

    assert run() == "Rendered 5 of 5 posts and pages; 5 have changed."


def test_a_text_that_was_saved_meanwhile_is_not_set_back():
    post = make_post(body="Old.")
    stale = Post.objects.get()
    post.body = "New."
    post.save()

    stale.render()
    assert rerender.save_rendered(stale) == 0
    assert "New." in Post.objects.get().body_html


def test_ctrl_c_keeps_the_batches_that_are_done(monkeypatch):
    monkeypatch.setattr("posts.batches.SIZE", 1)
    for body in ("First.", "Second."):
        make_post(body=body)
    make_stale()

    def interrupted(source, **options):
        if source == "Second.":
            raise KeyboardInterrupt
        return ORIGINAL(source, **options)

    monkeypatch.setattr(markup, "render", interrupted)
    with pytest.raises(SystemExit) as end:
        run()

    assert end.value.code == INTERRUPTED
    assert [post.body_html == "stale" for post in Post.objects.order_by("pk")] == [False, True]


def test_unchanged_posts_cost_no_queries_of_their_own(django_assert_max_num_queries, django_assert_num_queries):
    for _ in range(3):
        make_post()
    with django_assert_max_num_queries(15) as few:
        run()
    for _ in range(30):
        make_post()
    with django_assert_num_queries(len(few)):
        run()
