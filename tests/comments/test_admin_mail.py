"""What became of the mail."""

import pytest
from django.utils import timezone

from comments.models import Notice, Subscription
from tests.costs import queries_of
from tests.factories import make_comment, make_post, make_staff
from tests.posts.desk import log_in

pytestmark = pytest.mark.django_db

NOTICES = "/admin/comments/notice/"
SUBSCRIPTIONS = "/admin/comments/subscription/"


def make_notice(**overrides):
    return Notice.objects.create(**{"kind": "held", "email": "mo@example.org", "comment": make_comment(), **overrides})


def test_each_state_has_a_tab(moderator):
    now = timezone.now()
    make_notice(email="due@example.org")
    make_notice(email="sent@example.org", sent_at=now)
    make_notice(email="lost@example.org", given_up_at=now, problem="550 no such user")
    for state, seen in (("due", "due@"), ("sent", "sent@"), ("given_up", "lost@")):
        page = moderator.get(f"{NOTICES}?state={state}").content.decode()
        assert [name for name in ("due@", "sent@", "lost@") if name in page] == [seen]
    assert "550 no such user" in page


def test_what_was_given_up_is_tried_again(moderator):
    notice = make_notice(given_up_at=timezone.now(), claimed_at=timezone.now(), attempts=8)

    page = moderator.post(NOTICES, {"action": "try_again", "_selected_action": [notice.pk]}, follow=True)

    assert "1 notice is tried again now." in page.content.decode()
    assert list(Notice.objects.due()) == [notice]


def test_what_was_sent_is_not_sent_again(moderator):
    notice = make_notice(sent_at=timezone.now(), claimed_at=timezone.now())
    moderator.post(NOTICES, {"action": "try_again", "_selected_action": [notice.pk]})
    assert not Notice.objects.due().exists()


def test_a_link_to_one_s_own_data_is_asked_for_anew(moderator):
    notice = make_notice(kind="own_data", comment=None, given_up_at=timezone.now())
    moderator.post(NOTICES, {"action": "try_again", "_selected_action": [notice.pk]})
    assert not Notice.objects.due().exists()


def test_subscriptions_tell_what_is_wanted(moderator):
    comment = make_comment(make_post("On bread"), author_name="Ada")
    Subscription.objects.create(post=comment.post, email="ben@example.org", confirmed_at=timezone.now())
    Subscription.objects.create(post=comment.post, comment=comment, email="cleo@example.org")

    page = moderator.get(SUBSCRIPTIONS).content.decode()

    assert "all comments on “On bread”" in page
    assert "replies to Ada on “On bread”" in page


@pytest.mark.parametrize("address", [NOTICES, SUBSCRIPTIONS])
def test_nothing_is_added_or_rewritten_here(moderator, address):
    comment = make_comment()
    make_notice(comment=comment)
    Subscription.objects.create(post=comment.post, email="ben@example.org")
    model = Notice if address == NOTICES else Subscription
    assert moderator.get(f"{address}add/").status_code == 403
    moderator.post(f"{address}{model.objects.get().pk}/change/", {"email": "eve@example.org"})
    assert model.objects.get().email != "eve@example.org"


@pytest.mark.parametrize("address", [NOTICES, SUBSCRIPTIONS])
def test_authors_see_nothing_of_it(address):
    assert log_in(make_staff(group="Author")).get(address).status_code == 403


@pytest.mark.parametrize("address", [NOTICES, SUBSCRIPTIONS])
def test_many_rows_cost_what_few_cost(moderator, address):
    def populate(number):
        for _ in range(number):
            comment = make_comment()
            make_notice(comment=comment)
            Subscription.objects.create(post=comment.post, comment=comment, email="ben@example.org")

    populate(2)
    few = queries_of(moderator, address)
    populate(15)
    assert queries_of(moderator, address) == few
