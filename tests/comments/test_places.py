"""Where comments stand: the rule itself, and that the database keeps to it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from comments import verbs
from comments.models import Comment
from comments.places import Place, Row, places
from posts.models import Post
from tests.factories import make_comment, make_post

from .test_receiving import in_threads

# Parents of any number: of comments that come later or are not there, and such as lead back to themselves.
NUMBERS = st.integers(1, 12)
ROWS = st.dictionaries(
    NUMBERS, st.builds(Row, post=st.integers(1, 2), parent=st.none() | NUMBERS, is_public=st.booleans()), max_size=12
)


def path(rows, pk):
    """The comment and all above it on its post; and whether the way comes to an end."""
    above = [pk]
    while True:
        row = rows[above[-1]]
        if row.parent not in rows or rows[row.parent].post != row.post:
            return above, True
        if row.parent in above:
            return above, False
        above.append(row.parent)


@given(ROWS)
def test_a_conversation_is_known_by_its_top(rows):
    found = places(rows)
    assert found.keys() == rows.keys()
    for pk in rows:
        above, ends = path(rows, pk)
        if ends:
            assert found[pk].thread == (None if above[-1] == pk else above[-1])
        # Whatever leads nowhere still has one place, together with all that leads there.
        assert {found[other].thread or other for other in above} == {found[pk].thread or pk}


@given(ROWS)
def test_what_a_public_comment_hangs_below_stands(rows):
    standing = {above for pk, row in rows.items() if row.is_public for above in path(rows, pk)[0]}
    assert {pk for pk, place in places(rows).items() if place.stands} == standing


@given(ROWS, NUMBERS)
def test_a_conversation_can_be_placed_without_the_others(rows, some):
    whole = places(rows)
    part = {pk: row for pk, row in rows.items() if (whole[pk].thread or pk) == some}
    assert places(part) == {pk: whole[pk] for pk in part}


@given(st.integers(1, 3000))
def test_a_long_chain_has_one_top(length):
    rows = {pk: Row(1, pk - 1 or None, is_public=pk == length) for pk in range(1, length + 1)}
    assert set(places(rows).values()) == {Place(None, stands=True), *({Place(1, stands=True)} if length > 1 else ())}


def place(comment):
    return Comment.all_objects.values_list("thread", "stands").get(pk=comment.pk)


@pytest.mark.django_db
def test_a_purged_top_leaves_conversations_below():
    top = make_comment()
    reply = make_comment(top.post, parent=top)
    answer = make_comment(top.post, parent=reply)
    last = make_comment(top.post, parent=answer, status="pending")

    top.purge()

    assert [place(reply), place(answer), place(last)] == [(None, True), (reply.pk, True), (reply.pk, False)]


@pytest.mark.django_db
@pytest.mark.parametrize("end", [verbs.trash, verbs.mark_as_spam, verbs.hold, lambda comments: comments.purge()])
def test_with_its_last_public_reply_a_removed_comment_is_gone(end):
    top = make_comment(status="spam")
    middle = make_comment(top.post, parent=top, status="pending")
    reply = make_comment(top.post, parent=middle)
    assert [place(top), place(middle)] == [(None, True), (top.pk, True)]

    end(Comment.objects.filter(pk=reply.pk))

    assert [place(top), place(middle)] == [(None, False), (top.pk, False)]


@pytest.mark.django_db
def test_a_comment_that_comes_back_to_its_replies_is_their_top_again():
    here, elsewhere = make_post(), make_post()
    top = make_comment(here)
    reply = make_comment(here, parent=top)
    answer = make_comment(here, parent=reply)

    Comment.objects.filter(pk=top.pk).update(post=elsewhere)
    assert [place(reply), place(answer)] == [(None, True), (reply.pk, True)]

    Comment.objects.filter(pk=top.pk).update(post=here)
    assert [place(reply), place(answer)] == [(top.pk, True), (top.pk, True)]


@pytest.mark.django_db
def test_an_old_copy_is_saved_without_its_old_place():
    top = make_comment()
    reply = make_comment(top.post, parent=top)
    answer = make_comment(top.post, parent=reply)
    old = Comment.objects.get(pk=answer.pk)
    top.purge()

    old.body = "Edited."
    old.save()

    assert (old.thread_id, old.stands) == place(answer) == (reply.pk, True)


@pytest.mark.django_db
def test_a_purged_comment_does_not_come_back_by_saving_an_old_copy():
    comment = make_comment()
    Comment.objects.filter(pk=comment.pk).purge()

    with pytest.raises(Comment.NotUpdated):
        comment.save()


# Races


def state():
    """The counts and places that are stored, and what they should be."""
    rows = {
        comment.pk: Row(comment.post_id, comment.parent_id, comment.is_public) for comment in Comment.all_objects.all()
    }
    counts = {post.pk: 0 for post in Post.all_objects.all()}
    for row in rows.values():
        counts[row.post] += row.is_public
    stored = {pk: Place(*rest) for pk, *rest in Comment.all_objects.values_list("pk", "thread", "stands")}
    return {post.pk: post.comment_count for post in Post.all_objects.all()}, stored, counts, places(rows)


def assert_all_is_right():
    [(counts, stored, true_counts, true_places)] = in_threads(1, lambda _index: state())
    assert counts == true_counts
    assert stored == true_places


def test_replies_race_with_the_purge_of_what_they_answer(open_to_threads):
    post = make_post()
    tops = [make_comment(post, status="pending") for _ in range(4)]
    parents = [make_comment(post, parent=top) for top in tops]
    open_to_threads()

    def turn(index):
        for top, parent in zip(tops, parents, strict=True):
            if index == 0:
                Comment.all_objects.filter(pk__in=[top.pk, parent.pk]).purge()
            else:
                try:
                    make_comment(post, parent=parent, status="approved" if index % 2 else "pending")
                except IntegrityError:
                    # `receive()` looks for the parent first, under the lock; who does not is refused.
                    continue

    in_threads(5, turn)
    assert_all_is_right()


def test_comments_race_with_the_purge_of_their_posts(open_to_threads):
    posts = [make_post() for _ in range(6)]
    open_to_threads()

    def turn(index):
        for post in posts if index % 2 else posts[::-1]:
            if index < 2:
                Post.all_objects.filter(pk=post.pk).purge()
            else:
                try:
                    comment = make_comment(post)
                except IntegrityError:
                    continue
                verbs.trash(Comment.objects.filter(pk=comment.pk))

    in_threads(6, turn)
    assert_all_is_right()


def test_conversations_race_with_moves_in_opposite_order(open_to_threads):
    posts = [make_post() for _ in range(3)]
    tops = [make_comment(post) for post in posts for _ in range(2)]
    replies = [make_comment(top.post, parent=top, status="pending") for top in tops]
    open_to_threads()

    def turn(index):
        mine = (tops + replies)[:: -1 if index % 2 else 1]
        keys = [comment.pk for comment in mine]
        for number, post in enumerate(posts[:: -1 if index % 2 else 1]):
            Comment.objects.filter(pk__in=keys[number::3]).update(post=post)
            verbs.approve(Comment.objects.filter(pk__in=keys))
            Comment.objects.filter(pk=keys[number]).update(parent=keys[-1 - number])
            Post.all_objects.filter(pk=post.pk).delete()
            verbs.hold(Comment.objects.filter(pk__in=keys[::2]))

    in_threads(4, turn)
    assert_all_is_right()
