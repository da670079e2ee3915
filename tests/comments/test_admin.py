"""A moderator's day."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from comments.models import Comment
from tests.costs import queries_of
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/comment/"


@pytest.fixture
def moderator(client):
    """Mo, logged in."""
    client.force_login(make_staff("mo", group="Moderator"))
    return client


def status(comment):
    return Comment.all_objects.get(pk=comment.pk).status


def is_trashed(comment):
    return Comment.all_objects.get(pk=comment.pk).is_trashed


def press(client, button, comment, where=QUEUE, **data):
    return client.post(where, {"moderate": f"{button} {comment.pk}", **data}, follow=True)


def choose(client, action, *comments, where=QUEUE, **data):
    selected = [comment.pk for comment in comments]
    return client.post(where, {"action": action, "_selected_action": selected, **data}, follow=True)


def test_the_queue_opens_with_what_waits(moderator):
    make_comment(body="I wait.", status="pending")
    make_comment(body="I stand.", status="approved")
    make_comment(body="I sell.", status="spam")

    page = moderator.get(QUEUE).content.decode()

    assert "I wait." in page
    assert "I stand." not in page
    assert "I sell." not in page


@pytest.mark.parametrize(("show", "seen"), [("approved", "I stand."), ("spam", "I sell."), ("trash", "I am gone.")])
def test_the_filter_shows_the_rest(moderator, show, seen):
    make_comment(body="I stand.", status="approved")
    make_comment(body="I sell.", status="spam")
    make_comment(body="I am gone.").delete()

    page = moderator.get(f"{QUEUE}?show={show}").content.decode()

    assert [text for text in ("I stand.", "I sell.", "I am gone.") if text in page] == [seen]


def test_a_comment_is_read_in_full_and_in_its_context(moderator):
    post = make_post("On bread")
    parent = make_comment(post, "Is rye better?", author_name="Ada")
    make_comment(
        post,
        "*Always.*",
        parent=parent,
        author_name="Ben",
        email="ben@example.org",
        status="pending",
        reasons=[{"code": "all_held"}],
    )

    page = moderator.get(QUEUE).content.decode()

    for words in ("On bread", "In reply to Ada", "Is rye better?", "<em>Always.</em>", "Ben", "ben@example.org"):
        assert words in page
    assert "Every comment waits for a moderator." in page


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

    press(moderator, "restore", comment, where=f"{QUEUE}?show=trash")
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
    trash = f"{QUEUE}?show=trash"

    page = send(moderator, "purge", comment, where=trash).content.decode()
    assert "Nothing brings it back." in page
    assert Comment.all_objects.exists()

    page = send(moderator, "purge", comment, where=trash, confirmed="yes").content.decode()
    assert "1 comment is gone." in page
    assert not Comment.all_objects.exists()


def test_the_question_carries_all_that_was_asked(moderator):
    comments = [make_comment() for _ in range(2)]
    Comment.objects.all().delete()

    page = choose(moderator, "purge", *comments, where=f"{QUEUE}?show=trash").content.decode()

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

    assert client.post(f"{QUEUE}?show=trash", data).status_code == 403
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


@pytest.mark.parametrize("query", ["show=nonsense", "post=x", "post=99999999999999999999", "p=99", "q=%00", "q=bread"])
def test_odd_questions_get_an_answer(moderator, query):
    make_comment(status="pending")
    assert moderator.get(f"{QUEUE}?{query}", follow=True).status_code == 200


def test_the_comments_of_one_post(moderator):
    bread, cake = make_post("On bread"), make_post("On cake")
    make_comment(bread, "Rye.")
    make_comment(cake, "Cream.")

    page = moderator.get(f"{QUEUE}?show=all&post={bread.pk}").content.decode()

    assert "Rye." in page
    assert "Cream." not in page


def test_a_search_looks_at_names_words_and_titles(moderator):
    make_comment(make_post("On bread"), "Rye.", author_name="Ada")
    make_comment(make_post("On cake"), "Cream.", author_name="Ben")

    for word in ("rye", "ada", "BREAD"):
        page = moderator.get(f"{QUEUE}?show=all&q={word}").content.decode()
        assert "Rye." in page
        assert "Cream." not in page


@pytest.mark.parametrize("show", ["", "approved", "all", "trash"])
def test_fifty_comments_cost_what_one_costs(moderator, show):
    def populate(number):
        for _ in range(number):
            parent = make_comment(status="pending")
            make_comment(parent.post, parent=parent, status="pending")
            make_comment(parent.post, parent=parent)
            make_comment(parent.post, parent=parent).delete()

    address = f"{QUEUE}?show={show}"
    populate(1)
    few = queries_of(moderator, address)
    populate(24)
    assert queries_of(moderator, address) == few


def test_the_desk_tells_how_many_wait(moderator):
    assert "No comment is waiting." in moderator.get("/admin/").content.decode()

    comment = make_comment(make_post("On bread"), author_name="Ada", status="pending")
    make_comment()
    page = moderator.get("/admin/").content.decode()

    assert "1 comment waits" in page
    assert f'<a href="{QUEUE}?post={comment.post_id}">Ada</a>' in page


def test_an_author_s_desk_is_silent_about_comments(client):
    client.force_login(make_staff(group="Author"))
    make_comment(status="pending")
    assert "comment waits" not in client.get("/admin/").content.decode()
