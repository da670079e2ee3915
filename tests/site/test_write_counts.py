"""What it takes to write: as many queries on a large site as on a small one, and for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from posts.models import Post
from tests.comments.desk import QUEUE
from tests.factories import make_category, make_comment, make_post
from tests.posts.desk import ADD_POST, change_url, form_of, make_writer

pytestmark = pytest.mark.django_db

TAGS = ["bread", "rye", "oven", "flour", "water"]
MORE = 30


@pytest.fixture
def queries(django_capture_on_commit_callbacks) -> Callable[[Callable[[], Any]], int]:
    """How many queries something takes, with what it leaves for after its commit."""

    def count(action: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks(execute=True):
            action()
        return len(captured)

    return count


def grow(**fields: Any) -> None:
    """More posts like the ones that are written here, each with a comment."""
    for number in range(MORE):
        make_comment(make_post(f"Loaf {number}", body="Rye and water, baked.", **fields), f"I baked loaf {number}.")


def test_a_post_is_published_and_edited_as_cheaply_on_a_larger_site(queries):
    editor, _ = make_writer("Ed Reyes", group="Editor")
    kitchen, bakery = make_category("Kitchen"), make_category("Bakery")
    subjects = {"tags": TAGS, "categories": [kitchen, bakery]}
    make_post("The first", **subjects)

    def publish(title: str) -> None:
        form = form_of(None, title=title, body="Rye and water.", categories=[kitchen.pk, bakery.pk], _publish="")
        assert editor.post(ADD_POST, form | {"tags": ", ".join(TAGS)}).status_code == 302

    def edit() -> None:
        post = Post.objects.latest("pk")
        assert editor.post(change_url(post), form_of(post, body="Spelt and water.", _save="")).status_code == 302

    publish("To begin with")
    small = queries(lambda: publish("A small site")), queries(edit)
    grow(**subjects)
    large = queries(lambda: publish("A larger site")), queries(edit)

    assert large[0] <= small[0] <= 75
    assert large[1] <= small[1] <= 90


def test_a_comment_is_taken_in_as_cheaply_on_a_larger_site(queries):
    post = make_post("On bread")

    def comment(name: str) -> None:
        form = {"body": f"I baked it twice, {name}.", "author_name": name, "email": f"{name}@example.org"}
        assert Client().post(f"{post.get_absolute_url()}comments/write/", form).status_code == 302

    comment("Ada")
    small = queries(lambda: comment("Ben"))
    grow()
    for number in range(5):
        make_comment(post, f"Comment {number}.")

    assert queries(lambda: comment("Cleo")) <= small <= 35


def test_many_comments_are_approved_by_the_queries_of_one(queries):
    moderator, _ = make_writer("Mo Reyes", group="Moderator")

    def approve(number: int) -> int:
        waiting = [make_comment(make_post(), f"Waiting {n}.", status="pending") for n in range(number)]
        form = {"action": "approve", "_selected_action": [comment.pk for comment in waiting]}
        taken = queries(lambda: moderator.post(QUEUE, form))
        assert not Comment.objects.pending().exists()
        return taken

    approve(1)
    assert approve(MORE) <= approve(1) <= 75
