from comments.models import Comment
from comments.threads import MAX_DEPTH, arrange


def comments(*parents):
    """Comments 1, 2, 3 … in the order of their writing, each with the id of its parent or None."""
    return [Comment(pk=pk, parent_id=parent) for pk, parent in enumerate(parents, start=1)]


def shape(*parents):
    return [(entry.comment.pk, entry.depth) for entry in arrange(comments(*parents))]


def test_each_reply_stands_below_what_it_answers():
    assert shape(None, None, 1, 3, 1) == [(1, 0), (3, 1), (4, 2), (5, 1), (2, 0)]


def test_beyond_a_sensible_depth_replies_stand_flat():
    chain = [None, *range(1, 40)]
    assert [depth for _pk, depth in shape(*chain)] == [*range(MAX_DEPTH), *[MAX_DEPTH] * (40 - MAX_DEPTH)]


def test_a_chain_of_thousands_does_not_run_out_of_stack():
    assert len(shape(None, *range(1, 5000))) == 5000


def test_a_reply_to_what_is_not_shown_begins_a_thread():
    assert shape(None, 99) == [(1, 0), (2, 0)]


def test_comments_that_answer_each_other_are_shown_once():
    assert shape(2, 1) == [(1, 0), (2, 1)]


def test_an_entry_knows_whom_it_answers():
    first, second = arrange(comments(None, 1))
    assert first.parent is None
    assert second.parent == first.comment
