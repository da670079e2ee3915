"""The hub is told of what feeds show: after the commit, when time publishes, once, and in spite of crashes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from posts import publishing
from posts.feeds import websub
from posts.feeds.hub import Refused, publish
from posts.models import HubPing, Post, SiteSettings
from tests.factories import make_author, make_category, make_draft, make_post, make_series, make_staff
from tests.posts.desk import change_url, form_of, form_of_settings, local, log_in, make_writer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SITE = ["/feed/", "/feed/atom/", "/feed/json/"]


class Hub:
    """A hub on this machine: what it was told, and what it answers."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                assert form["hub.mode"] == ["publish"]
                hub.told.append(urlsplit(form["hub.url"][0]).path)
                self.send_response(hub.status)
                for name, value in hub.headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hub?to=all"


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    thread = threading.Thread(target=hub.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield hub
    hub.server.shutdown()
    hub.server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def site(hub, settings) -> SiteSettings:
    settings.PRIVATE_HUB = True
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    site = SiteSettings(websub_hub=hub.address)
    site.save()
    return site


def at(monkeypatch, moment: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


# --- What is told -----------------------------------------------------------------------------------------------------


def test_a_published_post_is_told_of_in_all_its_feeds(hub):
    outer = make_category("Sea")
    inner = make_category("Harbours", parent=outer)
    post = make_draft(
        "One morning", author=make_author("Anna"), tags=["Tides"], series=make_series("Coasts"), categories=[inner]
    )
    post.co_authors.add(make_author("Ben"))
    publishing.publish(post)

    assert websub.tell() == len(hub.told) == 3 * 7
    assert hub.told[:3] == SITE
    for path in ("category/harbours", "category/sea", "tag/tides", "author/anna", "author/ben", "series/coasts"):
        assert [f"/{path}{feed}" for feed in SITE] == [told for told in hub.told if path in told]


def test_the_feeds_it_is_told_of_are_there(hub):
    post = make_draft("One morning", tags=["Über Häfen"], categories=[make_category("Häfen")])
    publishing.publish(post)
    websub.tell()
    assert {Client().get(path).status_code for path in hub.told} == {200}


def test_nothing_is_told_twice(hub):
    publishing.publish(make_draft(categories=[make_category()]))
    websub.tell()
    told = len(hub.told)
    assert websub.tell() == 0
    assert len(hub.told) == told


def test_many_posts_at_once_are_told_of_as_one(hub):
    category = make_category()
    for _number in range(5):
        publishing.publish(make_draft(categories=[category], author=make_author()))
    websub.tell()
    assert hub.told.count("/feed/") == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"visibility": "private"},
        {"visibility": "unlisted"},
        {"in_feeds": False},
        {"unpublish_at": timezone.now() - timedelta(minutes=5), "publish_at": timezone.now() - timedelta(hours=1)},
        {"deleted_at": timezone.now()},
    ],
)
def test_what_feeds_do_not_show_is_not_told(hub, fields):
    websub.changed(make_post(**fields))
    assert not HubPing.objects.exists()


def test_what_is_hidden_before_the_hub_is_told_is_not_told(hub):
    post = make_draft(categories=[make_category()])
    publishing.publish(post)
    Post.objects.filter(pk=post.pk).update(visibility="private")
    assert websub.tell() == 0
    assert hub.told == []
    assert not HubPing.objects.exists()


def test_what_is_taken_back_is_not_told(hub):
    post = make_draft(categories=[make_category()])
    publishing.publish(post)
    publishing.unpublish(post)
    assert websub.tell() == 0


def test_without_a_hub_nothing_is_written_down(site):
    SiteSettings(websub_hub="").save()
    publishing.publish(make_draft(categories=[make_category()]))
    assert not HubPing.objects.exists()


# --- When -------------------------------------------------------------------------------------------------------------


def test_a_scheduled_post_is_told_of_when_it_is_due(hub, monkeypatch):
    due = timezone.now() + timedelta(hours=3)
    publishing.publish(make_draft(categories=[make_category()], publish_at=due))

    at(monkeypatch, due - timedelta(seconds=1))
    assert websub.tell() == 0
    at(monkeypatch, due)
    call_command("ping_hub", verbosity=0)
    assert "/feed/" in hub.told


def test_a_post_put_off_is_told_of_at_its_new_time_alone(hub, monkeypatch):
    due = timezone.now() + timedelta(hours=3)
    post = make_draft(categories=[make_category()], publish_at=due)
    publishing.publish(post)
    post.publish_at = due + timedelta(hours=1)
    post.save()
    websub.changed(post)

    at(monkeypatch, due)
    assert websub.tell() == 0
    at(monkeypatch, due + timedelta(hours=1))
    assert websub.tell() > 0


def test_a_hub_that_is_set_later_hears_of_what_was_scheduled_before(hub, site):
    SiteSettings(websub_hub="").save()
    publishing.publish(make_draft(categories=[make_category()], publish_at=timezone.now() + timedelta(hours=1)))
    editor = log_in(make_staff(group="Editor"))
    editor.post(change_url(SiteSettings(pk=1)), form_of_settings(websub_hub=hub.address))
    assert HubPing.objects.exists()
    assert hub.told == []


def test_the_desk_tells_after_the_commit(hub, settings, django_capture_on_commit_callbacks):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    anna, profile = make_writer("Anna Reed")
    post = make_draft(author=profile)
    form = form_of(post, categories=[make_category("Wind").pk], tags="Kites", _publish="")
    with django_capture_on_commit_callbacks() as callbacks:
        anna.post(change_url(post), form)
    assert hub.told == []

    for callback in callbacks:
        callback()

    assert {"/feed/", "/category/wind/feed/", "/tag/kites/feed/"} <= set(hub.told)


def test_the_desk_schedules(hub):
    anna, profile = make_writer("Anna Reed")
    post = make_draft(author=profile)
    tomorrow = timezone.now() + timedelta(days=1)
    anna.post(change_url(post), form_of(post, categories=[make_category().pk], publish_at=local(tomorrow), _publish=""))
    post.refresh_from_db()
    assert {ping.due_at for ping in HubPing.objects.all()} == {post.publish_at}


# --- What goes wrong --------------------------------------------------------------------------------------------------


def test_a_hub_that_refuses_is_asked_again_later(hub, monkeypatch, caplog):
    hub.status = 503
    publishing.publish(make_draft(categories=[make_category()]))
    waiting = HubPing.objects.count()

    assert websub.tell() == 0
    assert hub.told == ["/feed/"]
    assert "was not told of /feed/: it answers 503" in caplog.text
    assert HubPing.objects.count() == waiting

    hub.status = 204
    at(monkeypatch, timezone.now() + timedelta(minutes=2))
    assert websub.tell() == waiting


def test_a_hub_that_is_gone_is_given_up_after_days(hub, site, monkeypatch):
    SiteSettings(websub_hub="http://127.0.0.1:1/").save()
    publishing.publish(make_draft(categories=[make_category()]))
    now = timezone.now()
    for day in range(100):
        at(monkeypatch, now + timedelta(days=day))
        websub.tell()
    assert not HubPing.objects.exists()


def test_what_a_dead_process_had_claimed_is_told_later(hub, monkeypatch):
    publishing.publish(make_draft(categories=[make_category()]))
    claimed = websub.claim()
    assert claimed is not None
    websub.tell()
    assert claimed[0] not in hub.told

    at(monkeypatch, timezone.now() + timedelta(minutes=2))
    websub.tell()
    assert claimed[0] in hub.told


def test_a_change_while_the_hub_is_told_is_told_as_well(hub):
    post = make_draft(categories=[make_category()])
    publishing.publish(post)
    topic, pings = websub.claim() or ("", [])
    websub.changed(post)
    HubPing.objects.filter(pk__in=[ping.pk for ping in pings]).delete()
    assert HubPing.objects.filter(topic=topic, due_at__lte=timezone.now()).exists()


def test_a_redirect_is_not_followed(hub):
    hub.status, hub.headers = 307, {"Location": hub.address}
    publishing.publish(make_draft(categories=[make_category()]))
    assert websub.tell() == 0
    assert hub.told == ["/feed/"]


def test_a_private_hub_is_not_asked_unless_the_operator_allows_it(hub, settings, caplog):
    settings.PRIVATE_HUB = False
    publishing.publish(make_draft(categories=[make_category()]))
    assert websub.tell() == 0
    assert hub.told == []
    assert "127.0.0.1 is no public address" in caplog.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_hub_that_answers_by_drops_keeps_nobody_waiting(scheme, monkeypatch):
    monkeypatch.setattr("posts.feeds.hub.LONGEST", 0.2)
    monkeypatch.setattr("posts.feeds.hub.PATIENCE", 120)
    with socket.create_server(("127.0.0.1", 0)) as server:
        began = timezone.now()
        with pytest.raises((OSError, HTTPException)):
            publish(f"{scheme}://127.0.0.1:{server.getsockname()[1]}/", "https://example.org/feed/")
        assert timezone.now() - began < timedelta(seconds=60)


def test_a_private_hub_hears_no_word_not_even_of_keys(settings):
    settings.PRIVATE_HUB = False
    with socket.create_server(("127.0.0.1", 0)) as server:
        with pytest.raises(Refused):
            publish(f"https://127.0.0.1:{server.getsockname()[1]}/", "https://example.org/feed/")
        with server.accept()[0] as heard:
            assert heard.recv(1) == b""


@pytest.mark.parametrize("hub_address", ["http://[::1", "https://exämple..org/", "http://127.0.0.1:99999/"])
def test_an_address_that_leads_nowhere_breaks_nothing(hub_address):
    SiteSettings(websub_hub=hub_address).save()
    publishing.publish(make_draft(categories=[make_category()]))
    assert websub.tell() == 0


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://localhost:8000/", "https://10.0.0.1/", "https://[::1]/"]
)
def test_the_settings_refuse_a_private_hub_in_a_sentence(settings, address):
    settings.PRIVATE_HUB = False
    editor = log_in(make_staff(group="Editor"))
    page = editor.post(change_url(SiteSettings(pk=1)), form_of_settings(websub_hub=address)).content.decode()
    assert "This address is one of a private network." in page
