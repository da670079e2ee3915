"""How many read the feeds: an estimate that costs a poll nothing, and keeps nothing of anyone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from posts.feeds import subscribers
from posts.feeds.audiences import audiences
from posts.feeds.programs import MOST_SUBSCRIBERS, OTHER, Program, program_of
from posts.feeds.subscribers import note, write_down
from posts.models import FeedReader, FeedReading
from posts.shown import Note
from tests.factories import make_staff
from tests.posts.desk import log_in

AGENTS = {
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers; like FeedFetcher-Google)": ("Feedly", 16),
    "NewsBlur Feed Fetcher - 42 subscribers - http://www.newsblur.com/site/1/x (Mozilla/5.0 …)": ("NewsBlur", 42),
    "Mozilla/5.0 (compatible; inoreader.com; 1 subscribers; +https://www.inoreader.com)": ("Inoreader", 1),
    "Mozilla/5.0 (compatible; theoldreader.com; 3 subscribers; feed-id=0123)": ("The Old Reader", 3),
    "Feedbin feed-id:1373711 - 7 subscribers": ("Feedbin", 7),
    "Overcast/1.0 Podcast Sync (123 subscribers; feed-id=456; +http://overcast.fm/)": ("Overcast", 123),
    "FreshRSS/1.24.0 (Linux; https://freshrss.org)": ("FreshRSS", None),
    "Mozilla/5.0 (compatible; Miniflux/2.2.0; +https://miniflux.app)": ("Miniflux", None),
    "NetNewsWire (RSS Reader; https://netnewswire.com/)": ("NetNewsWire", None),
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0": ("Thunderbird", None),
    "AntennaPod/3.4.0": ("AntennaPod", None),
    "SomeFeedReader/1.0 (99 subscribers)": (OTHER, None),
    "Feedly/1.0 (999999999 subscribers)": ("Feedly", MOST_SUBSCRIBERS),
    "Feedly/1.0 (99999999999999999999 subscribers)": ("Feedly", None),
    "Feedly/1.0 (-5 subscribers)": ("Feedly", 5),
}
NOBODY = [
    "",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.9",
    "W3C_Validator/1.3 feed",
    "x" * 100_000 + "feed",
]


@pytest.mark.parametrize("agent", AGENTS)
def test_programmes_are_known_by_what_they_say(agent):
    assert program_of(agent) == Program(*AGENTS[agent])


@pytest.mark.parametrize("agent", NOBODY)
def test_browsers_and_machines_read_no_feed(agent):
    assert program_of(agent) is None


@pytest.fixture(autouse=True)
def nothing_gathered():
    subscribers._tally.take()
    yield
    subscribers._tally.take()


def poll(agent: str, address: str = "198.51.100.7", feed: str = "/feed/") -> HttpRequest:
    request = RequestFactory().get(feed, REMOTE_ADDR=address, headers={"User-Agent": agent})
    note(request)
    return request


def feedly(number: int) -> str:
    return f"Feedly/1.0 ({number} subscribers)"


def readers() -> dict[str, dict[str, int]]:
    write_down.call()
    return {audience.feed: dict(audience.programs) for audience in audiences()}


@pytest.mark.django_db
def test_a_poll_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        for _poll in range(500):
            poll("FreshRSS/1.24.0")
    assert not FeedReading.objects.exists()


@pytest.mark.django_db
def test_the_first_poll_has_all_written_a_minute_later(monkeypatch):
    """On a quiet site, no other poll comes that could have it written."""
    planned = []
    monkeypatch.setattr(subscribers, "come_again", lambda task, at: planned.append((task, at)))
    for _poll in range(3):
        poll("FreshRSS/1.24.0")
    [(task, at)] = planned
    assert task is write_down
    assert timedelta(seconds=50) < at - timezone.now() <= timedelta(seconds=60)
    write_down.call()
    poll("FreshRSS/1.24.0")
    assert len(planned) == 2


@pytest.mark.django_db
def test_what_a_programme_told_last_counts():
    for number in (16, 18, 17):
        poll(feedly(number))
    assert readers() == {"/feed/": {"Feedly": 17}}
    poll(feedly(19))
    assert readers() == {"/feed/": {"Feedly": 19}}


@pytest.mark.django_db
def test_copies_of_a_programme_are_counted_once_a_day():
    for _poll in range(24):
        for host in range(3):
            poll("FreshRSS/1.24.0", f"198.51.100.{host}")
            poll("FreshRSS/1.25.0", f"198.51.100.{host}")
    assert readers() == {"/feed/": {"FreshRSS": 6}}


@pytest.mark.django_db
def test_another_process_adds_what_it_has_seen():
    poll("FreshRSS/1.24.0", "198.51.100.1")
    assert readers() == {"/feed/": {"FreshRSS": 1}}
    poll("FreshRSS/1.24.0", "198.51.100.1")
    poll("FreshRSS/1.24.0", "198.51.100.2")
    assert readers() == {"/feed/": {"FreshRSS": 2}}


@pytest.mark.django_db
def test_within_a_customer_s_network_addresses_of_ipv6_are_one():
    poll("Liferea/1.15", "2001:db8::1")
    poll("Liferea/1.15", "2001:db8::2")
    assert readers() == {"/feed/": {"Liferea": 1}}


@pytest.mark.django_db
def test_each_feed_has_readers_of_its_own():
    poll("Liferea/1.15")
    poll("Liferea/1.15", feed="/tag/kites/feed/")
    poll(feedly(30), feed="/tag/kites/feed/")
    assert readers() == {"/feed/": {"Liferea": 1}, "/tag/kites/feed/": {"Feedly": 30, "Liferea": 1}}
    assert [audience.feed for audience in audiences()] == ["/tag/kites/feed/", "/feed/"]


@pytest.mark.django_db
def test_nothing_tells_who_it_was():
    poll("Liferea/1.15", "198.51.100.7")
    write_down.call()
    kept = str([*FeedReader.objects.values(), *FeedReading.objects.values()])
    assert "198.51" not in kept
    assert "1.15" not in kept


@pytest.mark.django_db
def test_the_hash_of_a_reader_is_another_one_tomorrow(monkeypatch):
    poll("Liferea/1.15")
    write_down.call()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    poll("Liferea/1.15")
    write_down.call()
    assert FeedReader.objects.values("digest").distinct().count() == 2


@pytest.mark.django_db
def test_hashes_are_erased_the_day_after_and_numbers_after_weeks():
    today = timezone.now().date()
    for days in (0, 1, 2, 40):
        day = today - timedelta(days=days)
        FeedReader.objects.create(day=day, digest="x", feed="/feed/", program="Liferea")
        FeedReading.objects.create(day=day, feed="/feed/", program="Liferea", readers=1, is_reported=False)
    poll("Liferea/1.15")
    write_down.call()
    assert FeedReader.objects.exclude(digest="x").count() == 1
    assert {row.day for row in FeedReader.objects.all()} == {today, today - timedelta(days=1)}

    assert subscribers.forget() == 1
    assert FeedReading.objects.count() == 3


@pytest.mark.django_db
def test_the_week_is_judged_by_the_last_number_told_and_the_best_day_counted():
    today = timezone.now().date()
    told: list[tuple[int, str, int, bool]] = [
        (6, "Feedly", 50, True),
        (1, "Feedly", 40, True),
        (3, "Liferea", 9, False),
        (0, "Liferea", 2, False),
        (8, "NewsBlur", 100, True),
    ]
    for days, program, number, is_reported in told:
        row: dict[str, Any] = {"program": program, "readers": number, "is_reported": is_reported}
        FeedReading.objects.create(day=today - timedelta(days=days), feed="/feed/", **row)

    assert [(found.feed, found.readers) for found in audiences()] == [("/feed/", 49)]


@pytest.mark.django_db
def test_a_flood_of_invented_readers_is_bounded(monkeypatch):
    monkeypatch.setattr(subscribers, "MOST_GATHERED", 50)
    for number in range(500):
        poll(f"Liferea/{number}", feed=f"/tag/{number}/feed/")
    assert len(subscribers._tally.seen) == 50
    write_down.call()
    monkeypatch.setattr(subscribers, "MOST_A_DAY", 20)
    for number in range(1000, 1100):
        poll(f"Liferea/{number}", feed=f"/tag/{number}/feed/")
    write_down.call()
    assert FeedReader.objects.count() == 50
    assert FeedReading.objects.count() == 50


@pytest.mark.django_db
def test_once_a_minute_it_is_written_down(monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    clock = [1000.0]
    monkeypatch.setattr(subscribers.time, "monotonic", lambda: clock[0])
    poll("Liferea/1.15", "198.51.100.1")
    clock[0] += 59
    poll("Liferea/1.15", "198.51.100.2")
    assert not FeedReading.objects.exists()
    clock[0] += 2
    poll("Liferea/1.15", "198.51.100.3")
    assert FeedReading.objects.get().readers == 3


@pytest.mark.django_db
def test_a_poll_is_answered_even_when_nothing_can_be_kept(monkeypatch, caplog):
    def broken(*args: Any, **kwargs: Any) -> None:
        raise subscribers.DatabaseError("the disk is full")

    monkeypatch.setattr(FeedReader.objects, "bulk_create", broken)
    poll("Liferea/1.15")
    write_down.call()
    assert "the disk is full" in caplog.text


# --- On the site ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_feed_takes_note_of_its_readers_even_when_nothing_is_new(client):
    first = client.get("/feed/", headers={"User-Agent": feedly(16)})
    again = client.get("/feed/", headers={"User-Agent": feedly(17), "If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert readers() == {"/feed/": {"Feedly": 17}}


def scope_of(agent, address="203.0.113.7", path="/feed/"):
    headers = [(b"host", b"localhost"), (b"user-agent", agent.encode("latin-1")), (b"x-forwarded-for", b"198.51.100.1")]
    return {"type": "http", "method": "GET", "path": path, "headers": headers, "client": (address, "4711")}


def hear_all(*scopes, monkeypatch):
    """What the event loop hears, gathered by a thread; returns what that was told."""
    gathered = []

    async def listen():
        for scope in scopes:
            subscribers.hear(scope)
        await asyncio.sleep(0.05)

    # Another test's event loop may have ended before it was told.
    monkeypatch.setattr(subscribers, "_heard", set())
    monkeypatch.setattr(subscribers, "LISTENING", 0.01)
    monkeypatch.setattr(subscribers, "gather", gathered.append)
    asyncio.run(listen())
    return gathered


def test_a_page_cache_tells_of_everyone_whom_it_gives_the_feed():
    page = Note(())
    request = RequestFactory().get("/feed/", headers={"User-Agent": "Miniflux/2.2.0"})
    request.scope = {"blogsite.page": page}

    note(request)

    assert page.on_hit == subscribers.hear
    assert subscribers._tally.take() == ({}, {})


def test_whom_the_event_loop_heard_a_thread_looks_at(monkeypatch):
    polls = [scope_of("Miniflux/2.2.0"), scope_of("Miniflux/2.2.0"), scope_of("Miniflux/2.2.0", "203.0.113.8")]

    gathered = hear_all(*polls, monkeypatch=monkeypatch)

    assert sorted(request.META["REMOTE_ADDR"] for request in gathered) == ["203.0.113.7", "203.0.113.8"]
    assert {(request.path, request.headers["User-Agent"]) for request in gathered} == {("/feed/", "Miniflux/2.2.0")}
    assert {request.headers["X-Forwarded-For"] for request in gathered} == {"198.51.100.1"}


def test_a_flood_that_the_event_loop_hears_is_bounded(monkeypatch):
    monkeypatch.setattr(subscribers, "MOST_GATHERED", 3)

    gathered = hear_all(*(scope_of(f"Reader {number}") for number in range(10)), monkeypatch=monkeypatch)

    assert len(gathered) == 3


@pytest.mark.django_db
def test_a_feed_that_is_not_there_has_no_readers(client):
    client.get("/tag/nothing/feed/", headers={"User-Agent": feedly(16)})
    assert readers() == {}


@pytest.mark.django_db
def test_editors_see_the_readers_of_each_feed():
    poll(feedly(16))
    poll("Liferea/1.15")
    poll("SomeFeedReader/1.0")
    write_down.call()
    ed = log_in(make_staff(group="Editor"))

    desk = ed.get("/admin/").content.decode()
    assert "Who reads the feeds this week" in desk
    assert "about 18 readers" in desk
    page = ed.get("/admin/posts/feedreading/").content.decode()
    assert "Feedly" in page
    assert "Other programmes" in page
    assert "An estimate" in page


@pytest.mark.django_db
@pytest.mark.parametrize("group", ["Author", "Moderator"])
def test_readers_are_counted_for_editors_alone(group):
    client = log_in(make_staff(group=group))
    assert client.get("/admin/posts/feedreading/").status_code == 403
    assert "Who reads the feeds" not in client.get("/admin/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("view", ["1/change/", "add/", "1/delete/", "1/history/", "x/change/"])
def test_single_days_are_shown_to_nobody(view):
    FeedReading.objects.create(
        pk=1, day=timezone.now().date(), feed="/feed/", program="Liferea", readers=1, is_reported=False
    )
    response = log_in(make_staff(group="Editor")).get(f"/admin/posts/feedreading/{view}")
    assert response.status_code in {200, 302, 403, 404}
    assert "is_reported" not in response.content.decode()
