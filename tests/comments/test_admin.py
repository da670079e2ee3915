"""A moderator's day: the verbs, and who may do what."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from comments.models import Comment
from tests.comments.desk import QUEUE, TRASH, choose, is_trashed, make_waiting, press, status
from tests.factories import make_comment, make_staff

pytestmark = pytest.mark.django_db


def test_one_button_approves_and_returns_to_the_same_list(moderator):
    comment = make_comment(status="pending")

    response = press(moderator, "approve", comment, where=f"{QUEUE}?q=see")

    assert status(comment) == "approved"
    assert response.redirect_chain == [(f"{QUEUE}?q=see", 302)]
    assert "1 comment approved." in response.content.decode()
    assert LogEntry.objects.get().user.username == "mo"


@pytest.mark.parametrize(
    ("button", "before", "after"),
    [("mark_as_spam", "pending", "spam"), ("hold", "approved", "pending"), ("approve", "spam", "approved")],
)
def test_the_other_buttons(moderator, button, before, after):
    comment = make_comment(status=before)
    press(moderator, button, comment)
    assert status(comment) == after


def test_the_trash_button_and_the_way_back(moderator):
    comment = make_comment(status="pending")

    press(moderator, "trash", comment)
    assert is_trashed(comment)

    press(moderator, "restore", comment, where=TRASH)
    assert not is_trashed(comment)
    assert status(comment) == "pending"


def test_many_at_once(moderator):
    comments = [make_comment(status="pending") for _ in range(3)]

    assert "3 comments approved." in choose(moderator, "approve", *comments).content.decode()

    assert {status(comment) for comment in comments} == {"approved"}


@pytest.mark.parametrize("send", [press, choose])
def test_deleting_for_good_asks_first(moderator, send):
    comment = make_comment()
    comment.delete()
    page = send(moderator, "purge", comment, where=TRASH).content.decode()
    assert "Nothing brings it back." in page
    assert Comment.all_objects.exists()

    page = send(moderator, "purge", comment, where=TRASH, confirmed="yes").content.decode()
    assert "1 comment is gone." in page
    assert not Comment.all_objects.exists()


def test_the_question_carries_all_that_was_asked(moderator):
    comments = [make_comment() for _ in range(2)]
    Comment.objects.all().delete()

    page = choose(moderator, "purge", *comments, where=TRASH).content.decode()

    assert '<input type="hidden" name="action" value="purge">' in page
    for comment in comments:
        assert f'<input type="hidden" name="_selected_action" value="{comment.pk}">' in page


def test_nothing_outside_the_trash_is_deleted_for_good(moderator):
    comment = make_comment()
    press(moderator, "purge", comment, confirmed="yes")
    assert not is_trashed(comment)


def test_django_s_own_delete_button_moves_to_the_trash(moderator):
    comment = make_comment()

    page = moderator.get(f"{QUEUE}{comment.pk}/delete/").content.decode()
    assert "It can be restored from there." in page

    moderator.post(f"{QUEUE}{comment.pk}/delete/", {"post": "yes"})
    assert is_trashed(comment)


def test_django_s_own_bulk_deletion_is_not_offered(moderator):
    comment = make_comment(status="pending")

    choose(moderator, "delete_selected", comment)

    assert not is_trashed(comment)


def test_a_moderator_mends_a_comment(moderator):
    comment = make_comment(body="Teh cat", status="pending")
    fields = {"author_name": "Ada", "email": "", "website": "", "body": "The *cat*", "status": "approved"}

    response = moderator.post(f"{QUEUE}{comment.pk}/change/", fields)

    assert response.status_code == 302
    comment.refresh_from_db()
    assert "<em>cat</em>" in comment.body_html
    comment.post.refresh_from_db()
    assert comment.post.comment_count == 1


def test_a_moderator_mends_a_comment_in_the_trash(moderator):
    comment = make_comment()
    comment.delete()
    assert moderator.get(f"{QUEUE}{comment.pk}/change/").status_code == 200


def test_an_editor_moderates_too_and_an_author_does_not(client):
    comment = make_comment(status="pending")

    client.force_login(make_staff(group="Author"))
    assert client.get(QUEUE).status_code == 403
    assert client.post(QUEUE, {"moderate": f"approve {comment.pk}"}).status_code == 403

    client.force_login(make_staff(group="Editor"))
    press(client, "approve", comment)
    assert status(comment) == "approved"


def test_who_may_only_look_gets_no_buttons(client):
    comment = make_comment(body="I wait.", status="pending")
    guest = make_staff()
    guest.user_permissions.add(Permission.objects.get(codename="view_comment"))
    client.force_login(guest)

    page = client.get(QUEUE).content.decode()
    assert "I wait." in page
    assert 'name="moderate"' not in page
    assert client.post(QUEUE, {"moderate": f"approve {comment.pk}"}).status_code == 403


def test_who_may_not_purge_cannot(client):
    comment = make_comment()
    comment.delete()
    helper = make_staff()
    helper.user_permissions.add(*Permission.objects.filter(codename__in=["change_comment", "delete_comment"]))
    client.force_login(helper)

    data = {"moderate": f"purge {comment.pk}", "confirmed": "yes"}

    assert client.post(TRASH, data).status_code == 403
    assert Comment.all_objects.exists()


def test_a_button_needs_the_admin_s_token():
    comment = make_comment(status="pending")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff(group="Moderator"))

    assert strict.post(QUEUE, {"moderate": f"approve {comment.pk}"}).status_code == 403
    assert status(comment) == "pending"


@pytest.mark.parametrize("value", ["", "approve", "approve x", "explode 1", "approve 99999999999999999999"])
def test_a_button_that_is_none_changes_nothing(moderator, value):
    comment = make_comment(status="pending")
    response = moderator.post(QUEUE, {"moderate": value})
    assert response.status_code in {302, 400}
    assert status(comment) == "pending"


def test_ticking_nothing_changes_nothing_and_says_so(moderator):
    make_waiting()
    response = moderator.post(QUEUE, {"action": "approve", "index": "0"}, follow=True)
    assert "No items have been changed." in response.content.decode()
    assert Comment.objects.pending().count() == 1


def test_a_whole_queue_at_once(moderator, monkeypatch):
    """More than one page, yet never more than is locked and logged in one go."""
    monkeypatch.setattr("comments.admin.acting.AT_ONCE", 3)
    monkeypatch.setattr("comments.admin.queue.AT_ONCE", 3)
    comments = [make_waiting() for _ in range(5)]

    page = choose(moderator, "mark_as_spam", comments[0], select_across="1").content.decode()

    assert "3 comments marked as spam." in page
    assert "press it again" in page
    assert Comment.objects.pending().count() == 2


def test_only_what_changed_is_logged(moderator):
    waits, stands = make_waiting(), make_comment()
    choose(moderator, "approve", waits, stands, where=f"{QUEUE}?show=all")
    assert [entry.object_id for entry in LogEntry.objects.all()] == [str(waits.pk)]


def test_a_status_that_is_set_in_the_form_is_a_decision_like_any_other(moderator):
    comment = make_waiting(body="Cheap watches", author_name="Ada")
    fields = {"author_name": "Ada", "email": "", "website": "", "body": "Cheap watches"}

    moderator.post(f"{QUEUE}{comment.pk}/change/", fields | {"status": "spam"})
    comment.refresh_from_db()
    assert (comment.status, comment.learnt_as) == ("spam", "spam")

    moderator.post(f"{QUEUE}{comment.pk}/change/", fields | {"status": "spam", "body": "A quiet word"})
    comment.refresh_from_db()
    assert (comment.body, comment.status, comment.learnt_as) == ("A quiet word", "spam", "")


def test_what_its_writer_has_erased_is_not_brought_back(moderator):
    comment = make_comment()
    comment.delete()
    Comment.all_objects.filter(pk=comment.pk).update(erased_at=comment.deleted_at)
    page = moderator.get(TRASH).content.decode()
    assert "Erased by its writer" in page
    assert f"restore {comment.pk}" not in page
    assert f"purge {comment.pk}" in page
