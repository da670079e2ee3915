"""The way back: exactly those comments, exactly where they were."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from comments import verbs
from comments.models import Comment
from tests.comments.desk import QUEUE, TRASH, UNDO, choose, is_trashed, make_waiting, press, status, undo, way_back
from tests.factories import make_comment, make_staff
from tests.posts.desk import log_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("before", ["pending", "approved", "spam"])
@pytest.mark.parametrize("button", ["approve", "hold", "mark_as_spam", "trash"])
def test_any_verb_is_taken_back(moderator, before, button):
    comment = make_comment(status=before)

    response = press(moderator, button, comment, where=f"{QUEUE}?show=all")
    if way_back(response):
        undo(moderator, response)

    assert (status(comment), is_trashed(comment)) == (before, False)


def test_many_return_each_to_its_own_state(moderator):
    comments = {state: make_comment(status=state) for state in ("pending", "approved", "spam")}

    response = choose(moderator, "mark_as_spam", *comments.values(), where=f"{QUEUE}?show=all")
    page = undo(moderator, response).content.decode()

    assert {state: status(comment) for state, comment in comments.items()} == {state: state for state in comments}
    assert "2 comments are as they were before." in page


def test_a_restored_comment_returns_to_the_trash(moderator):
    comment = make_comment()
    comment.delete()
    undo(moderator, press(moderator, "restore", comment, where=TRASH))
    assert is_trashed(comment)


def test_the_filter_forgets_too(moderator):
    comment = make_waiting()

    response = press(moderator, "mark_as_spam", comment)
    assert Comment.objects.get().learnt_as == "spam"

    undo(moderator, response)
    assert Comment.objects.get().learnt_as == ""


def test_the_count_of_the_post_follows(moderator):
    comment = make_waiting()
    undo(moderator, press(moderator, "approve", comment))
    comment.post.refresh_from_db()
    assert comment.post.comment_count == 0


def test_what_another_moderator_has_changed_since_stays(moderator):
    mine, theirs = make_waiting(), make_waiting()
    response = choose(moderator, "approve", mine, theirs)
    verbs.mark_as_spam(Comment.objects.filter(pk=theirs.pk))

    page = undo(moderator, response).content.decode()

    assert (status(mine), status(theirs)) == ("pending", "spam")
    assert "1 comment is as it was before." in page
    assert "1 comment has been changed since, and stays as it is." in page


def test_what_was_thrown_away_since_stays_thrown_away(moderator):
    comment = make_waiting()
    response = press(moderator, "approve", comment)
    comment.delete()
    undo(moderator, response)
    assert (status(comment), is_trashed(comment)) == ("approved", True)


def test_what_is_gone_for_good_offers_no_way_back(moderator):
    comment = make_comment()
    comment.delete()
    response = press(moderator, "purge", comment, where=TRASH, confirmed="yes")
    assert way_back(response) == ""


def test_nothing_changed_offers_no_way_back(moderator):
    assert way_back(press(moderator, "approve", make_comment(), where=f"{QUEUE}?show=all")) == ""


def test_undoing_returns_to_the_same_list_and_is_logged(moderator):
    comment = make_waiting()
    response = undo(moderator, press(moderator, "approve", comment), back="show=all&q=see")
    assert response.redirect_chain == [(f"{QUEUE}?show=all&q=see", 302)]
    assert LogEntry.objects.first().change_message == "Undone."


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "\r\nX: y", "\x00"])
def test_the_way_back_leads_nowhere_else(moderator, back):
    response = moderator.post(UNDO, {"steps": "", "back": back})
    assert response.headers["Location"].startswith(f"{QUEUE}?")


@pytest.mark.parametrize("steps", ["", "x", "a:b:c", "\x00", "9" * 5000])
def test_what_we_have_not_signed_takes_nothing_back(moderator, steps):
    page = moderator.post(UNDO, {"steps": steps}, follow=True).content.decode()
    assert "This cannot be taken back any more." in page


def test_nobody_takes_back_what_somebody_else_did(moderator):
    comment = make_waiting()
    response = press(moderator, "approve", comment)
    undo(log_in(make_staff(group="Moderator")), response)
    assert status(comment) == "approved"


def test_rights_that_are_gone_do_not_come_back(moderator):
    helper = make_staff()
    helper.user_permissions.add(*Permission.objects.filter(codename__in=["change_comment", "delete_comment"]))
    client, comment = log_in(helper), make_comment()
    response = press(client, "trash", comment, where=f"{QUEUE}?show=all")
    helper.user_permissions.remove(Permission.objects.get(codename="delete_comment"))

    assert undo(client, response).status_code == 403
    assert is_trashed(comment)


def test_a_link_takes_nothing_back(moderator):
    assert moderator.get(UNDO).status_code == 405


def test_the_button_needs_the_admin_s_token():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff(group="Moderator"))
    assert strict.post(UNDO, {"steps": "x"}).status_code == 403
