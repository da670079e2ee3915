"""The counters of what changes: turned by whatever is committed, by nothing else, and without anyone in a circle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from comments.models import Comment
from posts import watches
from posts.models import Generation, Post
from tests.factories import make_comment, make_post

CONTENT, CONVERSATION = 1, 2


def number(counter: int) -> int:
    return Generation.objects.filter(pk=counter).values_list("number", flat=True).first() or 0


@pytest.mark.django_db(transaction=True)
def test_a_commit_turns_its_counter_and_a_rollback_does_not():
    post = make_post()
    make_comment(post)
    content, conversation = number(CONTENT), number(CONVERSATION)
    with transaction.atomic():
        make_comment(post)
        make_comment(post)
        transaction.set_rollback(True)
    assert (number(CONTENT), number(CONVERSATION)) == (content, conversation)
    with transaction.atomic():
        make_comment(post)
        make_comment(post)
    assert number(CONTENT) == content
    assert number(CONVERSATION) > conversation


@pytest.mark.django_db(transaction=True)
def test_raw_sql_is_counted_too():
    post = make_post()
    before = number(CONTENT)
    with connections["default"].cursor() as cursor:
        cursor.execute("UPDATE posts_post SET title = 'Rye' WHERE id = %s", [post.pk])
    assert number(CONTENT) > before


def test_who_turns_both_counters_in_one_order_never_waits_for_who_turns_them_in_the_other(open_to_threads):
    first, second = make_comment(make_post()), make_comment(make_post())
    open_to_threads()

    def turn(comment: Comment, post_first: bool) -> None:
        steps = [
            lambda: Post.objects.filter(pk=comment.post_id).update(version=F("version") + 1),
            lambda: Comment.objects.filter(pk=comment.pk).update(edited_at=timezone.now()),
        ]
        try:
            for _ in range(30):
                with transaction.atomic():
                    for step in steps if post_first else reversed(steps):
                        step()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(turn, first, True), pool.submit(turn, second, False)]
        assert [done.exception(timeout=120) for done in waiting] == [None, None]


@pytest.mark.django_db
def test_counters_are_there_before_anything_is_counted():
    Generation.objects.all().delete()
    watches.watch()
    assert Generation.objects.filter(pk=CONTENT).exists()
