"""What arrives is stored once, and waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from comments.models import Comment
from comments.moderation import Signals, decide
from comments.receiving import receive
from posts.models import Post
from tests.factories import make_comment, make_post


def draft(post, body="I agree.", author_name="Ada", **fields):
    return Comment(post=post, body=body, author_name=author_name, **fields)


def test_every_comment_is_held():
    verdict = decide(Signals())
    assert verdict.status == "pending"
    assert verdict.reasons == [{"code": "all_held"}]


def test_who_fills_in_what_cannot_be_seen_is_no_person():
    verdict = decide(Signals(trap_filled=True))
    assert verdict.status == "spam"
    assert verdict.reasons == [{"code": "trap_filled"}]


@pytest.mark.django_db
def test_the_verdict_is_kept_with_its_reasons():
    receive(draft(make_post()), Signals(trap_filled=True))

    comment = Comment.objects.get()
    assert comment.status == "spam"
    assert comment.reasons_in_words == ["A field that people cannot see was filled in."]


@pytest.mark.django_db
def test_a_reason_that_a_later_version_gave_is_left_out():
    assert make_comment(reasons=[{"code": "of_the_future"}]).reasons_in_words == []


@pytest.mark.django_db
def test_a_second_press_of_the_button_stores_nothing():
    post = make_post()
    first = receive(draft(post), Signals())
    assert receive(draft(post), Signals()) == first
    assert Comment.objects.count() == 1


@pytest.mark.django_db
def test_a_second_press_does_not_bring_back_what_is_in_the_trash():
    post = make_post()
    receive(draft(post), Signals()).delete()
    receive(draft(post), Signals())
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_the_same_words_are_another_comment_elsewhere_later_or_from_another():
    post = make_post()
    first = make_comment(post, "I agree.", author_name="Ada", created_at=timezone.now() - timedelta(minutes=11))
    receive(draft(post), Signals())
    receive(draft(post, parent=first), Signals())
    receive(draft(post, author_name="Ben"), Signals())
    receive(draft(make_post()), Signals())
    assert Comment.objects.count() == 5


@pytest.mark.django_db
def test_a_reply_to_what_was_purged_meanwhile_stands_alone():
    parent = make_comment()
    reply = draft(parent.post, parent=parent)
    Comment.all_objects.filter(pk=parent.pk).purge()

    receive(reply, Signals())

    assert Comment.objects.get().parent is None


@pytest.mark.django_db
def test_nothing_is_stored_on_a_post_that_was_purged_meanwhile():
    post = make_post()
    reply = draft(post)
    Post.all_objects.filter(pk=post.pk).purge()

    with pytest.raises(Post.DoesNotExist):
        receive(reply, Signals())


def in_threads(number, work):
    """Start `work` that often at the same moment; return what each gives."""
    start = Barrier(number)

    def run(index):
        try:
            start.wait()
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return [future.result() for future in [pool.submit(run, index) for index in range(number)]]


def test_of_equal_comments_that_race_one_is_stored(open_to_threads):
    post = make_post()
    open_to_threads()

    stored = in_threads(8, lambda _index: receive(draft(post), Signals()).pk)

    assert len(set(stored)) == 1


def test_comments_that_race_are_all_stored_and_counted(open_to_threads):
    post = make_post()
    open_to_threads()

    def approve_own(index):
        comment = receive(draft(post, f"Number {index}"), Signals())
        Comment.objects.filter(pk=comment.pk).update(status="approved")

    in_threads(8, approve_own)

    assert in_threads(1, lambda _index: Post.objects.get().comment_count) == [8]


def test_verbs_in_opposite_order_never_wait_in_a_circle(open_to_threads):
    posts = [make_post() for _ in range(4)]
    comments = [make_comment(post) for post in posts for _ in range(3)]
    open_to_threads()

    def turn(index):
        mine = comments[::-1] if index % 2 else comments
        for status in ("spam", "approved") * 3:
            Comment.objects.filter(pk__in=[c.pk for c in mine]).order_by("-pk" if index % 2 else "pk").update(
                status=status
            )
        mine[index].save()
        Comment.all_objects.filter(pk=mine[index].pk).purge()

    in_threads(4, turn)

    [counts] = in_threads(1, lambda _index: {p.pk: p.comment_count for p in Post.objects.all()})
    [truth] = in_threads(1, lambda _index: {p.pk: p.comments.count() for p in Post.objects.all()})
    assert counts == truth
