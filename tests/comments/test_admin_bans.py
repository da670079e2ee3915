"""Keeping somebody out."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from comments.models import Ban
from tests.comments.desk import QUEUE, make_waiting, status, undo
from tests.factories import make_comment, make_staff
from tests.posts.desk import log_in

pytestmark = pytest.mark.django_db

BANS = "/admin/comments/ban/"


def make_seller(**overrides):
    fields = {"author_name": "Sel Ler", "email": "sel@example.org", "address_range": "203.0.113.0/24"}
    return make_waiting(**{**fields, **overrides})


def ban(client, comment, kind="email", **data):
    return client.post(f"{QUEUE}{comment.pk}/ban/", {"kind": kind, **data}, follow=True)


def test_the_question_names_whom_and_how_many_wait(moderator):
    comment = make_seller()
    make_seller(email="other@example.org")

    page = moderator.get(f"{QUEUE}{comment.pk}/ban/").content.decode()

    assert "E-mail address: sel@example.org (1 comment waits)" in page
    assert "Network address or range: 203.0.113.0/24 (2 comments wait)" in page
    assert "Name: Sel Ler (2 comments wait)" in page
    assert not Ban.objects.exists()


@pytest.mark.parametrize(
    ("kind", "value"), [("email", "sel@example.org"), ("name", "sel ler"), ("network", "203.0.113.0/24")]
)
def test_a_ban_says_who_made_it_and_is_logged(moderator, kind, value):
    page = ban(moderator, make_seller(), kind, note="Watches").content.decode()

    made = Ban.objects.get()
    assert (made.kind, made.value, made.note, made.created_by.username) == (kind, value, "Watches", "mo")
    assert f"Banned: {value}" in page
    assert LogEntry.objects.get().object_repr == value


def test_their_waiting_comments_go_along_and_can_return(moderator):
    comment, another, stranger = make_seller(), make_seller(), make_waiting(email="ada@example.org")
    stands = make_comment(email="sel@example.org")

    response = ban(moderator, comment, with_waiting="on")
    assert [status(row) for row in (comment, another, stranger, stands)] == ["spam", "spam", "pending", "approved"]

    undo(moderator, response)
    assert [status(row) for row in (comment, another)] == ["pending", "pending"]
    assert Ban.objects.exists()


def test_without_the_tick_the_comments_stay(moderator):
    comment = make_seller()
    ban(moderator, comment)
    assert status(comment) == "pending"


def test_a_second_ban_of_the_same_one_is_no_error(moderator):
    comment = make_seller()
    ban(moderator, comment)
    assert "Banned already: sel@example.org" in ban(moderator, comment).content.decode()
    assert Ban.objects.count() == 1


@pytest.mark.parametrize("kind", ["", "network", "nonsense"])
def test_only_what_the_comment_tells_can_be_banned(moderator, kind):
    response = ban(moderator, make_seller(address_range=""), kind)
    assert response.status_code == 200
    assert not Ban.objects.exists()


@pytest.mark.parametrize("pk", ["0", "abc", "9" * 40])
def test_banning_nobody_is_not_found(moderator, pk):
    assert moderator.get(f"{QUEUE}{pk}/ban/").status_code == 404


def test_who_may_not_ban_is_not_offered_it():
    helper = make_staff()
    helper.user_permissions.add(Permission.objects.get(codename="change_comment"))
    client, comment = log_in(helper), make_seller()
    assert "/ban/" not in client.get(QUEUE).content.decode()
    assert ban(client, comment).status_code == 403
    assert not Ban.objects.exists()


def add(client, kind, value, note=""):
    return client.post(f"{BANS}add/", {"kind": kind, "value": value, "note": note}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("network", " 203.0.113.77/24 ", "203.0.113.0/24"),
        ("network", "203.0.113.7", "203.0.113.7/32"),
        ("email", "Sel@Example.ORG", "sel@example.org"),
        ("name", "Sel   Ler", "sel ler"),
    ],
)
def test_a_ban_is_kept_in_one_spelling(moderator, kind, value, kept):
    add(moderator, kind, value)
    made = Ban.objects.get()
    assert (made.value, made.created_by.username) == (kept, "mo")


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("network", "somewhere", "Enter a network address such as 203.0.113.7"),
        ("network", "0.0.0.0/0", "whole countries"),
        ("network", "2000::/3", "whole countries"),
        ("network", "fe80::1%eth0", "Enter a network address such as 203.0.113.7"),
        ("name", "ß" * 200, "too long for a ban"),
        ("email", "nobody", "Enter a valid email address."),
        ("name", "", "This field is required."),
        ("name", "sel LER", "This ban is there already."),
    ],
)
def test_a_refused_ban_says_why(moderator, kind, value, sentence):
    Ban.objects.create(kind="name", value="Sel Ler")
    assert sentence in add(moderator, kind, value)
    assert Ban.objects.count() == 1


def test_the_list_tells_who_and_when_and_lifts(moderator):
    add(moderator, "email", "sel@example.org", note="Watches")

    page = moderator.get(BANS).content.decode()
    for words in ("sel@example.org", "Watches", "Mo Reyes"):
        assert words in page

    page = moderator.post(BANS, {"action": "lift", "_selected_action": [Ban.objects.get().pk]}, follow=True)
    assert "1 ban is lifted." in page.content.decode()
    assert not Ban.objects.exists()
    assert LogEntry.objects.first().object_repr == "sel@example.org"


def test_a_ban_is_not_rewritten(moderator):
    made = Ban.objects.create(kind="email", value="sel@example.org")
    moderator.post(f"{BANS}{made.pk}/change/", {"kind": "email", "value": "ada@example.org", "note": ""})
    assert Ban.objects.get().value == "sel@example.org"


def test_authors_see_no_bans():
    assert log_in(make_staff(group="Author")).get(BANS).status_code == 403


def test_who_may_not_lift_a_ban_cannot():
    helper = make_staff()
    helper.user_permissions.add(Permission.objects.get(codename="view_ban"))
    made = Ban.objects.create(kind="email", value="sel@example.org")
    log_in(helper).post(BANS, {"action": "lift", "_selected_action": [made.pk]})
    assert Ban.objects.exists()
