"""Mail about a conversation is ordered, confirmed by its receiver alone, and ended by one click."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.limits import ORDERS_OF_MAIL
from comments.mail import notifications, postman, subscriptions
from comments.models import Comment, Notice, Subscription
from posts.models import Post
from tests.comments.mailroom import approve, subscribe
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

ORDERED = "a link to confirm it is on its way"


@pytest.fixture
def post():
    return make_post("Bread", slug="bread")


def order(client, post, email="fan@example.org", **fields):
    return client.post(reverse("comments:subscribe", args=[post.slug]), {"email": email, "trap": "", **fields})


def address(name: str, subscription: Subscription) -> str:
    return reverse(f"comments:{name}", args=[subscription.token])


def test_a_reader_follows_a_post_without_commenting(post, client):
    response = order(client, post, "Fan@Example.org")
    postman.deliver()

    assert ORDERED in response.content.decode()
    subscription = Subscription.objects.get()
    assert (subscription.email, subscription.confirmed_at) == ("fan@example.org", None)
    assert mail.outbox[0].to == ["fan@example.org"]
    assert address("confirm", subscription) in mail.outbox[0].body


def test_the_mail_to_a_stranger_holds_nothing_that_somebody_else_wrote_for_them(post):
    comment = make_comment(post, "Buy now", author_name="Cheap pills", email="stranger@example.org")
    subscriptions.ask(comment, "all")

    postman.deliver()

    [message] = mail.outbox
    assert "pills" not in message.message().as_string()
    assert "Buy now" not in message.message().as_string()


def test_a_scanner_that_opens_the_link_confirms_nothing(post, client):
    subscription = subscribe(post, "fan@example.org", confirmed=False)

    page = client.get(address("confirm", subscription))

    assert "Yes, send me mail" in page.content.decode()
    subscription.refresh_from_db()
    assert subscription.confirmed_at is None


def test_confirming_works_without_cookie_or_origin_and_twice(post):
    subscription = subscribe(post, "fan@example.org", confirmed=False)
    client = Client(enforce_csrf_checks=True)

    pages = [client.post(address("confirm", subscription)) for _ in range(2)]

    assert all("You will get mail" in page.content.decode() for page in pages)
    subscription.refresh_from_db()
    assert subscription.confirmed_at is not None
    assert client.get(address("confirm", subscription)).status_code == 200


def test_a_mail_program_unsubscribes_by_one_click(post):
    subscription = subscribe(post, "fan@example.org")

    response = Client(enforce_csrf_checks=True).post(
        address("unsubscribe", subscription), {"List-Unsubscribe": "One-Click"}, headers={"Origin": "null"}
    )

    assert response.status_code == 200
    assert not Subscription.objects.exists()


def test_a_scanner_that_opens_the_link_unsubscribes_nobody(post, client):
    subscription = subscribe(post, "fan@example.org")

    page = client.get(address("unsubscribe", subscription))

    assert "No more mail?" in page.content.decode()
    assert Subscription.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_left_already_is_answered_kindly(method, post, client):
    subscription = subscribe(post, "fan@example.org")
    subscription.delete()

    response = getattr(client, method)(address("unsubscribe", subscription))

    assert response.status_code == 200
    assert "You get no more mail" in response.content.decode()


def test_who_confirms_too_late_is_told_so(post, client):
    subscription = subscribe(post, "fan@example.org", confirmed=False)
    subscription.delete()

    for response in (client.get(address("confirm", subscription)), client.post(address("confirm", subscription))):
        assert response.status_code == 410
        assert "leads nowhere" in response.content.decode()


@pytest.mark.parametrize("token", ["x", "x" * 31, "x" * 33, "x" * 31 + ".", "%00" + "x" * 31])
def test_a_malformed_token_has_no_page(token, client):
    for name in ("confirm", "unsubscribe"):
        assert client.get(f"/comments/subscriptions/{token}/{name}/").status_code == 404


def test_pages_behind_a_token_are_kept_and_told_nowhere(post, client):
    subscription = subscribe(post, "fan@example.org", confirmed=False)
    for name in ("confirm", "unsubscribe"):
        response = client.get(address(name, subscription))
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies


@pytest.mark.parametrize("change", [{"status": "draft"}, {"visibility": "private"}, {"deleted_at": timezone.now()}])
def test_a_hidden_post_is_named_to_nobody_and_can_be_left(change, post, client):
    subscription = subscribe(post, "fan@example.org")
    Post.objects.filter(pk=post.pk).update(**change)

    assert order(client, post).status_code == 404
    pages = [client.get(address(name, subscription)) for name in ("confirm", "unsubscribe")]
    assert [page.status_code for page in pages] == [410, 200]
    assert all("Bread" not in page.content.decode() for page in pages)
    client.post(address("unsubscribe", subscription))
    assert not Subscription.objects.exists()


def test_the_answer_does_not_tell_who_follows_already(post, client):
    subscribe(post, "fan@example.org")

    known, unknown = order(client, post, "fan@example.org"), order(client, post, "new@example.org")

    assert known.content == unknown.content
    postman.deliver()
    assert [message.to for message in mail.outbox] == [["new@example.org"]]


def test_nobody_is_flooded_with_links_to_confirm(client):
    for _ in range(6):
        order(client, make_post(), "victim@example.org")
    order(client, make_post(), "other@example.org")
    assert Notice.objects.filter(email="victim@example.org").count() == notifications.UNCONFIRMED_A_DAY

    Notice.objects.update(created_at=timezone.now() - timedelta(days=2))
    order(client, make_post(), "victim@example.org")
    assert Notice.objects.filter(email="victim@example.org").count() == notifications.UNCONFIRMED_A_DAY + 1


def test_a_mailbox_with_many_addresses_is_not_flooded_either():
    for number in range(10):
        subscriptions.follow(make_post(), f"victim+{number}@example.org")
    subscriptions.follow(make_post(), "victim.other@example.org")

    flood = Notice.objects.filter(email__startswith="victim+")
    assert flood.count() == notifications.UNCONFIRMED_A_DAY
    assert Notice.objects.count() == flood.count() + 1


def test_an_address_that_grows_in_small_letters_is_measured_in_them(post, client):
    longest = f"a@{'.'.join(['İ' * 9] * 24)}.org"
    assert len(longest) < 254 < len(longest.lower())
    assert order(client, post, longest).status_code == 422


def test_what_is_much_too_long_for_an_address_costs_nothing(post, client, monkeypatch):
    monkeypatch.setattr("comments.fields.clean_line", lambda text: pytest.fail(f"{len(text)} characters cleaned"))
    assert order(client, post, f"{'ﷺ' * 300_000}@example.org").status_code == 422


def test_who_confirms_each_may_follow_as_many_as_they_like(client):
    for _ in range(6):
        order(client, make_post(), "fan@example.org")
        for subscription in Subscription.objects.all():
            subscriptions.confirm(subscription)

    assert Notice.objects.count() == 6


def test_one_network_address_orders_so_much_and_no_more(post, client):
    for number in range(ORDERS_OF_MAIL):
        assert order(client, post, f"fan{number}@example.org").status_code == 200

    response = order(client, post, "one-more@example.org")

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert "one-more@example.org" in response.content.decode(), "what was typed is kept"


def test_another_site_cannot_make_its_visitors_order_mail(post, client):
    response = client.post(
        reverse("comments:subscribe", args=[post.slug]),
        {"email": "fan@example.org"},
        headers={"Origin": "https://evil.example"},
    )

    assert response.status_code == 403
    assert not Subscription.objects.exists()


def test_a_program_that_fills_in_everything_orders_nothing(post, client):
    assert ORDERED in order(client, post, trap="x").content.decode()
    assert not Subscription.objects.exists()


def test_a_wrong_address_is_shown_again_with_what_is_wrong(post, client):
    response = order(client, post, "nobody at example")

    assert response.status_code == 422
    assert "Enter an e-mail address such as" in response.content.decode()
    assert "nobody at example" in response.content.decode()


def test_a_commenter_may_order_replies_or_all_or_nothing(post):
    comment = make_comment(post, email="ada@example.org")

    subscriptions.ask(comment, "")
    subscriptions.ask(comment, "nonsense")
    assert not Subscription.objects.exists()
    subscriptions.ask(comment, "replies")
    subscriptions.ask(comment, "all")
    subscriptions.ask(make_comment(post), "all")

    wishes = Subscription.objects.order_by("pk").values_list("email", "comment")
    assert list(wishes) == [("ada@example.org", comment.pk), ("ada@example.org", None)]


def test_what_was_asked_with_spam_is_confirmed_with_a_later_comment_that_is_none(post):
    spam = make_comment(post, email="ada@example.org", status=Comment.Status.SPAM)
    subscriptions.ask(spam, "all")
    assert not Notice.objects.exists()

    subscriptions.ask(make_comment(post, email="ada@example.org"), "all")

    assert Notice.objects.get().kind == Notice.Kind.CONFIRM


def test_from_a_held_comment_to_mail_about_a_reply(post, client):
    """The whole way, as Ada and a moderator go it."""
    question = make_comment(post, email="ada@example.org", author_name="Ada", status=Comment.Status.PENDING)
    subscriptions.ask(question, "replies")
    postman.deliver()
    assert mail.outbox == []

    notifications.published([approve(question)])
    postman.deliver()
    client.post(address("confirm", Subscription.objects.get()))
    reply = make_comment(post, "Twenty minutes.", parent=question, author_name="Bob", email="bob@example.org")
    notifications.published([reply])
    postman.deliver()

    assert [message.subject for message in mail.outbox] == ["Mail about “Bread”?", "Bob replied to you on “Bread”"]
    assert "> Twenty minutes." in mail.outbox[1].body


def test_who_confirms_hears_of_what_was_answered_in_the_meantime(post, client):
    question = make_comment(post, email="ada@example.org")
    older = make_comment(post, parent=question)
    subscriptions.ask(question, "replies")
    Comment.objects.filter(pk=older.pk).update(created_at=timezone.now() - timedelta(minutes=1))
    notifications.published([make_comment(post, "Twenty minutes.", parent=question), make_comment(post)])
    assert not Notice.objects.filter(kind=Notice.Kind.REPLY).exists()

    for _ in range(2):
        client.post(address("confirm", Subscription.objects.get()))

    assert [notice.comment.body for notice in Notice.objects.filter(kind=Notice.Kind.REPLY)] == ["Twenty minutes."]


def test_what_was_sent_is_remembered_when_a_subscription_ends_and_begins_anew(post):
    subscribe(post, "fan@example.org")
    comment = make_comment(post)
    notifications.published([comment])
    postman.deliver()
    Subscription.objects.all().delete()
    subscribe(post, "fan@example.org")

    notifications.published([comment])
    postman.deliver()

    assert len(mail.outbox) == 1
