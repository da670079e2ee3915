"""What editors are told of what is stored."""

import re
from datetime import timedelta

import pytest
from django.core.management import get_commands
from django.utils import timezone

from comments.models import Attempt, Ban, Comment, Notice, Report, Subscription, Word
from posts.models import FeedReader, SiteSettings
from tests.comments.desk import QUEUE
from tests.costs import queries_of
from tests.factories import make_comment, make_staff
from tests.posts.desk import log_in

pytestmark = pytest.mark.django_db

REPORT = f"{QUEUE}privacy/"


def figures(client):
    """How many rows of each kind the page tells, by the beginning of their names."""
    page = client.get(REPORT).content.decode()
    rows = re.findall(r'<th scope="row">(.*?)</th>.*?<strong>(\d+)</strong>', page, re.DOTALL)
    return {name.split(":")[0]: int(number) for name, number in rows}


def populate():
    comment = make_comment(email="ada@example.org", address_hash="a", address_range="203.0.113.0/24")
    make_comment().delete()
    Report.objects.create(comment=comment, address_hash="b")
    Report.objects.create(comment=comment, address_hash="erased-2")
    Subscription.objects.create(post=comment.post, email="ada@example.org", confirmed_at=timezone.now())
    Subscription.objects.create(post=comment.post, email="ben@example.org")
    Notice.objects.create(kind="held", email="mo@example.org", comment=comment)
    Attempt.objects.create(key="x", since=timezone.now(), number=1)
    Word.objects.create(word="casino", spam=1)
    Ban.objects.create(kind="name", value="sel")
    FeedReader.objects.create(day=timezone.now().date(), digest="c", feed="/feed/", program="Liferea")


def test_the_figures_are_true(moderator):
    populate()
    assert figures(moderator) == {
        "Comments": 2,
        "Comments in the trash": 1,
        "E-mail addresses of comments": 1,
        "Where comments came from": 1,
        "Reports": 1,
        "Subscriptions": 1,
        "Subscriptions that are not confirmed": 1,
        "Notes of mail": 1,
        "Counters": 1,
        "Words of the spam filter": 1,
        "Bans": 1,
        "Hashes of the programmes that read the feeds": 1,
    }


def test_the_periods_are_those_of_the_settings(moderator):
    SiteSettings(comment_address_days=7, comment_edit_minutes=0).save()
    page = moderator.get(REPORT).content.decode()
    assert "7 days, as the site’s settings say." in page
    assert "can change or delete it themselves" not in page


def test_each_command_that_it_names_exists(moderator):
    named = set(re.findall(r"<code>(\w+)</code>", moderator.get(REPORT).content.decode()))
    assert named
    assert named <= set(get_commands())


def test_a_command_that_does_not_run_is_noticed(moderator):
    comment = make_comment(address_hash="a")
    assert "Overdue" not in moderator.get(REPORT).content.decode()
    Comment.objects.filter(pk=comment.pk).update(created_at=timezone.now() - timedelta(days=40))
    assert moderator.get(REPORT).content.decode().count("Overdue") == 1


def test_it_leads_to_the_page_where_readers_ask(moderator):
    assert 'href="/comments/my-data/"' in moderator.get(REPORT).content.decode()


def test_it_costs_the_same_whatever_is_stored(moderator):
    few = queries_of(moderator, REPORT)
    populate()
    assert queries_of(moderator, REPORT) == few


def test_it_is_for_those_who_moderate(moderator):
    assert "What is stored" in moderator.get(QUEUE).content.decode()
    assert log_in(make_staff(group="Author")).get(REPORT).status_code == 403
