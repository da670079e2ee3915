"""The order of a conversation."""

from datetime import UTC, datetime

from comments.said import Said
from comments.threads import MAX_DEPTH, arrange


def said(pk, parent=None, answered_name=""):
    """A public comment; `answered_name` is who wrote what it replies to, where that may be told."""
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    return Said(
        pk=pk,
        parent_id=parent,
        thread_id=parent and 1,
        author_name=f"Reader {pk}",
        email="",
        website="",
        body_html="",
        status="approved",
        deleted_at=None,
        created_at=at,
        edited_at=None,
        user_id=None,
        thread_stands=parent and True,
        answered_name=answered_name,
        is_staff=None,
    )


def conversation(*parents):
    """Comments 1, 2, 3 … in the order of their writing: the top, and then each with the number it answers."""
    answers = enumerate(parents, start=2)
    return [said(1), *(said(pk, parent, f"Reader {parent}") for pk, parent in answers)]


def entries(*parents):
    top, *replies = conversation(*parents)
    return arrange(top, replies)


def shape(*parents):
    return [(entry.comment.pk, entry.depth) for entry in entries(*parents)]


def named(*parents):
    return {entry.comment.pk: entry.answers.pk for entry in entries(*parents) if entry.answers}


def test_each_reply_stands_below_what_it_answers():
    assert shape(1, 2, 1, 2) == [(2, 1), (3, 2), (5, 2), (4, 1)]


def test_beyond_a_sensible_depth_replies_stand_flat():
    assert [depth for _pk, depth in shape(*range(1, 40))] == [*range(1, MAX_DEPTH), *[MAX_DEPTH] * (40 - MAX_DEPTH)]


def test_a_chain_of_thousands_does_not_run_out_of_stack():
    assert len(shape(*range(1, 5000))) == 4999


def test_what_an_indentation_tells_is_not_said():
    assert named(1, 2, 3) == {}
    assert named(1, 2, 3, 4, 5, 4) == {5: 4, 6: 5, 7: 4}


def test_a_reply_to_what_is_on_another_page_stands_below_the_top_and_names_it():
    assert shape(99, 2) == [(2, 1), (3, 2)]
    assert named(99, 2) == {2: 99}


def test_a_reply_to_what_came_later_is_shown_all_the_same():
    assert shape(3, 1) == [(2, 1), (3, 1)]


def test_nothing_is_told_of_what_is_not_public():
    assert arrange(said(1), [said(2, 99, "Reader 99")])[0].answers
    assert arrange(said(1), [said(2, 99)])[0].answers is None


def test_lists_within_lists_are_closed_as_often_as_they_are_opened():
    found = entries(1, 2, 3, 2, 1, 6)
    assert [(entry.opens, len(entry.closes)) for entry in found] == [
        (True, 0),
        (True, 0),
        (False, 1),
        (False, 1),
        (True, 0),
        (False, 1),
    ]
    assert sum(entry.opens for entry in found) == sum(len(entry.closes) for entry in found)
