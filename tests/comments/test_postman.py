"""Delivery: everything once, whatever the mail server or the process does."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from email import message_from_string

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from blogsite import tasks
from comments.mail import notifications, postman
from comments.models import Comment, Notice, Subscription
from posts.models import SiteSettings
from tests.comments.mailroom import an_hour_passes, hold, mail_server, publish, subscribe
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post("Bread", slug="bread")


def test_a_follower_gets_the_new_comment_once(post):
    subscribe(post, "fan@example.org")
    publish(post, "Salt the water.", author_name="Ada")

    assert [postman.deliver(), postman.deliver()] == [1, 0]

    [message] = mail.outbox
    assert (message.to, message.subject) == (["fan@example.org"], "Ada on “Bread”")
    assert "> Salt the water." in message.body
    assert "http://localhost:8000/posts/bread/" in message.body


def test_what_follows_within_an_hour_waits_and_comes_together(post):
    subscribe(post, "fan@example.org")
    publish(post, "First.")
    postman.deliver()
    for number in range(7):
        publish(post, f"Number {number}.")
    postman.deliver()
    assert len(mail.outbox) == 1

    an_hour_passes()
    postman.deliver()

    assert mail.outbox[1].subject == "7 new comments on “Bread”"
    assert all(f"> Number {number}." in mail.outbox[1].body for number in range(7))
    assert not Notice.objects.waiting().exists()


def test_moderators_get_what_waits_together(post):
    make_staff("mo", group="Moderator", email="mo@example.org")
    hold(post)
    postman.deliver()
    hold(post)
    hold(make_post())
    postman.deliver()
    assert len(mail.outbox) == 1

    an_hour_passes()
    postman.deliver()

    assert mail.outbox[1].subject == "2 comments are waiting"
    assert "List-Unsubscribe" not in mail.outbox[1].message()


def test_a_server_that_refuses_is_asked_again_later_and_not_for_ever(post):
    subscribe(post, "fan@example.org")
    publish(post)
    with mail_server() as server:
        server.mood = "refuses"
        waits = []
        for _ in range(postman.ATTEMPTS):
            Notice.objects.update(due_at=timezone.now())
            assert postman.deliver() == 0
            notice = Notice.objects.get()
            waits.append(round((notice.due_at - timezone.now()).total_seconds() / 60))
        assert waits[:-1] == [1, 4, 16, 64, 256, 1024, 4096]
        assert notice.given_up_at is not None
        assert "not now" in notice.problem
        server.mood = "takes"
        Notice.objects.update(due_at=timezone.now())
        assert postman.deliver() == 0


def test_a_server_that_refused_takes_it_at_last_and_once(post):
    subscribe(post, "fan@example.org")
    publish(post)
    with mail_server() as server:
        server.mood = "refuses"
        postman.deliver()
        server.mood = "takes"
        postman.deliver()
        assert server.messages == [], "not before its time"
        Notice.objects.update(due_at=timezone.now())
        postman.deliver()
        postman.deliver()

        assert len(server.messages) == 1
    assert Notice.objects.get().problem == ""


@pytest.mark.parametrize("mood", ["hangs", "absent"])
def test_a_server_that_cannot_be_reached_is_asked_once_in_a_round(mood, post):
    for number in range(5):
        subscribe(post, f"fan{number}@example.org")
    publish(post)
    with mail_server(timeout=0.3) as server:
        server.mood = mood
        if mood == "absent":
            server.server_close()
        assert postman.deliver() == 0

    assert sorted(Notice.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert not Notice.objects.exclude(claimed_at=None).exists()


def test_a_server_that_dies_having_taken_the_message_does_not_get_it_twice(post):
    subscribe(post, "fan@example.org")
    subscribe(post, "other@example.org")
    publish(post)
    with mail_server() as server:
        server.mood = "dies"
        postman.deliver()
        server.mood = "takes"
        Notice.objects.update(due_at=timezone.now())
        postman.deliver()

        assert len(server.messages) == 2, "one to each"
    assert [notice.problem[:28] for notice in Notice.objects.given_up()] == ["It may have been sent or not"] * 2


def test_what_a_killed_process_had_claimed_is_not_sent_again_but_seen(post):
    subscribe(post, "fan@example.org")
    publish(post)
    assert postman.claim(Notice.objects.get(), SiteSettings.load())

    assert postman.deliver() == 0
    assert not Notice.objects.given_up().exists(), "it may still be at it"
    Notice.objects.update(claimed_at=timezone.now() - timedelta(minutes=16))
    assert postman.deliver() == 0

    assert "process" in Notice.objects.given_up().get().problem
    assert mail.outbox == []


def test_what_cannot_be_written_holds_up_nobody_else(post):
    subscribe(post, "fän@example.org")
    subscribe(post, "fan@example.org")
    publish(post)
    with mail_server() as server:
        postman.deliver()

        assert len(server.messages) == 1
    assert "cannot be written" in Notice.objects.given_up().get().problem


@pytest.mark.django_db(transaction=True)
def test_many_postmen_at_once_send_everything_once(open_to_threads):
    post = make_post()
    for number in range(12):
        subscribe(post, f"fan{number}@example.org")
    publish(post)
    open_to_threads()
    with mail_server() as server:

        def work() -> None:
            try:
                postman.deliver()
            finally:
                connection.close()

        postmen = [threading.Thread(target=work) for _ in range(4)]
        for postman_ in postmen:
            postman_.start()
        for postman_ in postmen:
            postman_.join()

        recipients = [message_from_string(message)["To"] for message in server.messages]
    assert sorted(recipients) == sorted(f"fan{number}@example.org" for number in range(12))


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_holds_up_no_comment(open_to_threads, client, monkeypatch):
    make_staff("mo", group="Moderator", email="mo@example.org")
    address = reverse("comments:write", args=[make_post().slug])
    open_to_threads()
    worker = tasks.Worker()
    monkeypatch.setattr(tasks, "worker", worker)
    in_a_thread = {"default": {"BACKEND": "blogsite.tasks.ThreadBackend"}}
    with mail_server() as server, override_settings(TASKS=in_a_thread):
        server.mood = "hangs"
        begun = time.monotonic()
        for number in range(5):
            fields = {"author_name": "Ada", "body": f"Comment {number}.", "email": "ada@example.org"}
            assert client.post(address, fields).status_code == 302
        assert time.monotonic() - begun < 60, "One of them would have waited for as long as the mail server is given."
        server.over.set()
        worker.close()

    assert Comment.objects.count() == 5
    assert Notice.objects.waiting().count() == 5


def tell_followers(post, number: int) -> None:
    subscribe(post, "fan@example.org")
    for each in range(number):
        publish(post, f"Number {each}.")


def tell_who_asked(post, number: int) -> None:
    question = make_comment(post)
    subscribe(post, "asker@example.org", comment=question)
    for each in range(number):
        publish(post, f"Number {each}.", parent=question)


def tell_moderators(post, number: int) -> None:
    make_staff(group="Moderator", email="mo@example.org")
    for _ in range(number):
        hold(post)


@pytest.mark.parametrize("tell", [tell_followers, tell_who_asked, tell_moderators])
def test_a_letter_costs_the_same_however_many_comments_it_tells_of(tell):
    def cost(number: int) -> int:
        tell(make_post(), number)
        with CaptureQueriesContext(connection) as queries:
            assert postman.deliver() == 1
        get_user_model().objects.all().delete()
        Notice.objects.all().delete()
        return len(queries)

    assert cost(20) == cost(2)


def test_the_command_delivers_and_tells_what_is_left(post, capsys):
    subscribe(post, "fan@example.org")
    publish(post)
    call_command("deliver_mail")
    publish(post, "I also see it that way.")
    Notice.objects.create(kind="held", email="mo@example.org", given_up_at=timezone.now())
    call_command("deliver_mail")

    assert capsys.readouterr().out.splitlines() == [
        "Messages: 1 sent. Notices: 0 waiting, 0 given up.",
        "Messages: 0 sent. Notices: 1 waiting, 1 given up.",
    ]
    assert len(mail.outbox) == 1


def test_old_notices_and_orders_that_nobody_confirmed_are_forgotten(post):
    subscribe(post, "fan@example.org")
    subscribe(post, "never@example.org", confirmed=False)
    publish(post)
    long_ago = timezone.now() - timedelta(days=32)
    Notice.objects.update(created_at=long_ago, sent_at=long_ago, claimed_at=long_ago)
    Subscription.objects.update(created_at=long_ago)

    call_command("erase_addresses")

    assert not Notice.objects.exists()
    assert Subscription.objects.get().email == "fan@example.org"


def test_a_link_to_own_data_is_mailed_and_not_kept(post):
    notifications.own_data("ada@example.org", "/comments/my-data/secret/")

    postman.deliver()

    assert "http://localhost:8000/comments/my-data/secret/" in mail.outbox[0].body
    assert Notice.objects.get().path == ""


def test_only_where_it_is_one_task_does_delivery_come_again_by_itself(post, settings, monkeypatch):
    subscribe(post, "fan@example.org")
    publish(post)
    Notice.objects.update(due_at=timezone.now() + timedelta(minutes=30))
    backend = postman.deliver_due.get_backend()
    backend.clear()
    postman.deliver_due.call()
    assert backend.results == []

    jobs = []
    monkeypatch.setattr(tasks.worker, "add", jobs.append)
    settings.TASKS = {"default": {"BACKEND": "blogsite.tasks.ThreadBackend"}}
    postman.deliver_due.call()

    [job] = jobs
    assert job.due_at == Notice.objects.get().due_at


def test_delivery_is_a_task_for_after_the_commit(post, django_capture_on_commit_callbacks):
    subscribe(post, "fan@example.org")
    backend = postman.deliver_due.get_backend()
    backend.clear()

    with django_capture_on_commit_callbacks() as callbacks:
        publish(post)
    assert backend.results == []
    for callback in callbacks:
        callback()

    assert [result.task.name for result in backend.results] == ["deliver_due"]
