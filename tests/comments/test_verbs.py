"""What moderators do, and what follows from it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comments import verbs
from comments.mail import notifications
from comments.models import Comment, Report
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(monkeypatch):
    """The comments that readers are told of, call by call."""
    calls = []
    monkeypatch.setattr(notifications, "published", lambda comments: calls.append([c.body for c in comments]))
    return calls


def the(comment):
    return Comment.all_objects.filter(pk=comment.pk)


def test_readers_are_told_of_what_becomes_public_by_an_approval(told):
    post = make_post()
    make_comment(post, "Public already")
    make_comment(post, "Waited", status="pending")
    make_comment(post, "Was spam", status="spam")
    make_comment(post, "In the trash", status="pending").delete()

    assert verbs.approve(Comment.all_objects.order_by("-pk")) == 2
    assert [sorted(bodies) for bodies in told] == [["Waited", "Was spam"]]


def test_nobody_is_told_of_other_decisions(told):
    comment = make_comment()
    verbs.hold(the(comment))
    verbs.mark_as_spam(the(comment))
    verbs.trash(the(comment))
    verbs.restore(the(comment))
    assert told == []


def test_what_matched_a_query_is_decided_although_it_matches_no_more(told):
    make_comment(status="pending")
    assert verbs.approve(Comment.objects.pending()) == 1
    assert told[0]
    assert Comment.objects.get().learnt_as == "ham"


def test_an_approval_lays_aside_what_readers_have_reported():
    comment, other = make_comment(status="pending"), make_comment()
    for reported in (comment, other):
        Report.objects.create(comment=reported, address_hash="a")

    verbs.approve(the(comment))

    assert Report.objects.open().get().comment == other


def test_reports_are_laid_aside_though_the_comment_was_public_all_along():
    comment = make_comment()
    Report.objects.create(comment=comment, address_hash="a")
    assert verbs.approve(the(comment)) == 0
    assert not Report.objects.open().exists()


def test_what_its_writer_has_erased_does_not_come_back():
    erased, thrown_away = make_comment(), make_comment()
    for comment in (erased, thrown_away):
        comment.delete()
    the(erased).update(erased_at=timezone.now())

    assert verbs.restore(Comment.all_objects.all()) == 1
    assert Comment.objects.get() == thrown_away


def test_what_lies_in_the_trash_is_not_decided_on():
    comment = make_comment(status="pending")
    comment.delete()
    assert verbs.approve(the(comment)) == verbs.mark_as_spam(the(comment)) == verbs.hold(the(comment)) == 0
    assert the(comment).get().learnt_as == ""


def test_a_verb_and_what_the_filter_learns_are_one(monkeypatch):
    comment = make_comment(status="pending")

    def fail(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(notifications, "published", fail)
    with pytest.raises(ZeroDivisionError):
        verbs.approve(the(comment))
    stored = the(comment).get()
    assert (stored.status, stored.learnt_as, stored.post.comment_count) == ("pending", "", 0)


def test_nothing_is_nothing(told):
    for verb in (verbs.approve, verbs.mark_as_spam, verbs.hold, verbs.trash, verbs.restore, verbs.purge):
        assert verb(Comment.objects.none()) == 0
