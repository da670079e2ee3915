"""The site that benchmarks measure is one that the product could have written."""

from __future__ import annotations

import pytest

from benchmarks.seed import __main__ as program
from comments.models import Comment
from comments.places import Place, Row, places
from posts import lists
from posts.models import Post, SearchDocument
from posts.models.search import describe


@pytest.fixture
def seeded(transactional_db, monkeypatch):
    monkeypatch.setattr("benchmarks.language.VOCABULARY", 800)
    monkeypatch.setattr("benchmarks.seed.texts.TEXTS", 8)
    monkeypatch.setattr("benchmarks.seed.texts.REMARKS", 8)
    program.seed(120, 1200)


def test_a_seeded_site_is_as_the_product_writes_it(seeded):
    comments = {comment.pk: comment for comment in Comment.all_objects.all()}
    rows = {pk: Row(one.post_id, one.parent_id, one.is_public) for pk, one in comments.items()}
    assert {pk: Place(one.thread_id, one.stands) for pk, one in comments.items()} == places(rows)
    for post in Post.all_objects.all():
        assert post.comment_count == sum(one.post_id == post.pk and one.is_public for one in comments.values())
    assert {post.state for post in Post.all_objects.all()} >= {Post.State.PUBLISHED, Post.State.DRAFT}
    assert not any(lists.differences())
    post = Post.objects.earliest("pk")
    stored, made = SearchDocument.objects.get(pk=post.pk), describe(post, "en")
    assert (stored.title, stored.weights, stored.text) == (made.title, made.weights, made.text)
