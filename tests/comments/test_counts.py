"""`Post.comment_count` is the number of approved comments that are not in the trash, whatever happened before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from posts.models import Post
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


def count(post):
    return Post.all_objects.get(pk=post.pk).comment_count


def test_only_approved_comments_are_counted():
    post = make_post()
    make_comment(post, status="approved")
    make_comment(post, status="pending")
    make_comment(post, status="spam")

    assert count(post) == 1


def test_a_saved_change_of_status_is_counted():
    comment = make_comment(status="pending")

    comment.status = "approved"
    comment.save()
    assert count(comment.post) == 1

    comment.status = "spam"
    comment.save(update_fields=["status"])
    assert count(comment.post) == 0


def test_a_post_that_was_read_before_the_comment_came_does_not_write_the_old_number_back():
    post = make_post()
    make_comment(post, status="approved")
    assert post.comment_count == 0, "read before"

    post.title = "Mended"
    post.save()

    assert count(post) == 1
    assert post.comment_count == 1


def test_the_trash_is_not_counted_and_comes_back():
    comment = make_comment()

    comment.delete()
    assert count(comment.post) == 0

    comment.restore()
    assert count(comment.post) == 1

    comment.purge()
    assert count(comment.post) == 0


def test_a_queryset_counts_what_it_changes():
    first, second = make_post(), make_post()
    for post in (first, first, second):
        make_comment(post, status="pending")

    assert Comment.objects.pending().update(status="approved") == 3
    assert (count(first), count(second)) == (2, 1)

    assert Comment.objects.filter(post=first).delete() == (2, {"comments.Comment": 2})
    assert (count(first), count(second)) == (0, 1)

    assert Comment.all_objects.all().purge() == (3, {"comments.Comment": 3})
    assert (count(first), count(second)) == (0, 0)


def test_the_manager_has_no_delete_of_its_own():
    make_comment()

    with pytest.raises(AttributeError):
        Comment.objects.purge()


def test_comments_in_bulk_are_rendered_and_counted():
    post = make_post()

    Comment.objects.bulk_create(
        Comment(post=post, author_name="Ada", body=f"*Number* {number}\x0b", status="approved") for number in range(3)
    )

    assert count(post) == 3
    assert "<em>Number</em>" in Comment.objects.first().body_html
    assert "\x0b" not in Comment.objects.first().body


def test_a_bulk_update_counts_where_comments_left_and_where_they_went():
    old, new = make_post(), make_post()
    comments = [make_comment(old) for _ in range(3)]
    for comment in comments[:2]:
        comment.post = new
        comment.body = "Moved, and *edited*."

    Comment.objects.bulk_update(comments, ["post", "body"])

    assert (count(old), count(new)) == (1, 2)
    assert "<em>edited</em>" in Comment.objects.get(pk=comments[0].pk).body_html


def test_a_moved_comment_is_counted_on_both_posts():
    old, new = make_post(), make_post()
    comment = make_comment(old)

    comment.post = new
    comment.save()
    assert (count(old), count(new)) == (0, 1)

    Comment.objects.update(post=old)
    assert (count(old), count(new)) == (1, 0)

    Comment.objects.update(post_id=new.pk)
    assert (count(old), count(new)) == (0, 1)


def test_a_trashed_post_keeps_its_comments_and_their_number():
    comment = make_comment()
    comment.post.delete()
    pending = make_comment(comment.post, status="pending")

    Comment.objects.filter(pk=pending.pk).update(status="approved")
    comment.post.restore()

    assert count(comment.post) == 2


def test_counting_is_no_edit_of_the_post():
    post = make_post()
    before = Post.objects.get(pk=post.pk)

    make_comment(post)

    after = Post.objects.get(pk=post.pk)
    assert (after.updated_at, after.version) == (before.updated_at, before.version)


def test_a_purged_parent_leaves_its_replies_behind():
    parent = make_comment()
    reply = make_comment(parent.post, parent=parent)

    parent.purge()

    reply.refresh_from_db()
    assert reply.parent is None
    assert count(parent.post) == 1


def test_an_edit_that_changes_no_count_counts_nothing():
    make_comment()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        Comment.objects.update(author_name="Ada")

    assert len(queries) == 1


def test_many_comments_are_changed_at_the_cost_of_few():
    post = make_post()
    make_comment(post, status="pending")
    with CaptureQueriesContext(connection) as few:
        Comment.objects.pending().update(status="approved")

    for _ in range(20):
        make_comment(post, status="pending")
    with CaptureQueriesContext(connection) as many:
        assert Comment.objects.pending().update(status="approved") == 20

    assert len(many) == len(few)
