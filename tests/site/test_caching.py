"""What caches are told: browsers and a CDN in front, whether there is a page cache or not."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory

from blogsite import freshness
from blogsite.caching import CachingMiddleware, ConditionalMiddleware, keys
from blogsite.freshness import Turned
from blogsite.management.commands.cdn_keys import names
from blogsite.pagecache.answers import Entry
from blogsite.pagecache.keys import Key
from comments.generation import CONVERSATION
from posts.generation import CONTENT, SITE, SURROUNDINGS
from posts.shown import Note
from posts.state import Count
from tests.factories import make_post

ASK = "public, max-age=0, must-revalidate"


def told(response=None, method="GET", note=None):
    request = getattr(RequestFactory(), method.lower())("/")
    if note:
        request.scope = {"blogsite.page": note}
    return CachingMiddleware(lambda request: response or HttpResponse())(request).headers


@pytest.mark.django_db
def test_whoever_keeps_a_public_page_asks_each_time(client):
    post = make_post()

    for address in ("/", post.get_absolute_url(), "/archive/", "/feed/", "/sitemap.xml", "/robots.txt", "/nothing/"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"].startswith("public, max-age=0"), address
        assert answer.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding", address
        assert not answer.cookies


@pytest.mark.django_db
def test_a_page_has_one_etag_whether_it_is_kept_or_not(client):
    address = make_post().get_absolute_url()
    answer = client.get(address)

    kept = Entry(Key("http", "testserver", address, b""), 200, [], answer.content, Note(()))
    assert answer.headers["ETag"].encode() == kept.etag("")
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_for_the_page_cache_no_etag_is_made():
    request = RequestFactory().get("/")
    request.scope = {"blogsite.page": Note(())}

    assert "ETag" not in ConditionalMiddleware(lambda request: HttpResponse("text"))(request).headers


@pytest.mark.django_db
def test_what_is_for_one_alone_is_kept_by_nobody(client, django_user_model):
    editor = Client()
    editor.force_login(django_user_model.objects.create_superuser("ed"))

    assert "no-store" in editor.get("/admin/").headers["Cache-Control"]
    assert "public" not in client.get("/admin/login/").headers["Cache-Control"]
    assert "no-store" in client.get("/comments/my-data/").headers["Cache-Control"]


@pytest.mark.parametrize("status", [200, 301, 304, 404, 410])
def test_what_caches_would_keep_by_themselves_they_are_told_to_ask_for(status):
    assert told(HttpResponse(status=status))["Cache-Control"] == ASK


@pytest.mark.parametrize("status", [201, 302, 400, 403, 500, 503])
def test_of_other_answers_nothing_is_said(status):
    assert "Cache-Control" not in told(HttpResponse(status=status))


def test_an_answer_that_says_something_itself_is_left_alone():
    assert told(HttpResponse(headers={"Cache-Control": "max-age=60"}))["Cache-Control"] == "max-age=60"
    assert "Cache-Control" not in told(HttpResponse(headers={"Vary": "Cookie"}))
    assert "Cache-Control" not in told(method="POST")
    with_cookie = HttpResponse()
    with_cookie.set_cookie("a", "b")
    assert "Cache-Control" not in told(with_cookie)


def test_a_cdn_may_be_given_some_seconds(settings):
    settings.CDN_SECONDS = 3600

    assert told()["Cache-Control"] == "public, max-age=0, s-maxage=3600, must-revalidate"
    assert told(HttpResponse(status=404))["Cache-Control"] == ASK


@pytest.mark.parametrize(
    ("header", "value"),
    [("Surrogate-Key", "content site post-7 post-12"), ("Cache-Tag", "content,site,post-7,post-12")],
)
def test_a_cdn_may_be_told_what_a_page_shows(settings, header, value):
    settings.CDN_KEYS = header
    note = Note((), frozenset({CONTENT, SITE}), frozenset({12, 7}))

    assert told(note=note)[header] == value


def test_what_says_nothing_of_what_it_shows_is_known_by_every_name():
    everything = keys(None)

    assert keys(Note(())) == everything
    assert {"content", "conversation", "pages", "surroundings", "site", "findable"} == set(everything)
    assert keys(Note((), frozenset({SURROUNDINGS}), frozenset({7}))) == ["surroundings"]


def test_what_has_turned_has_the_names_of_what_shows_it():
    assert names(Turned(frozenset({CONVERSATION, SURROUNDINGS}), frozenset({7}))) == [
        "conversation",
        "surroundings",
        "post-7",
    ]
    assert names(Turned(frozenset({SITE}), frozenset())) == ["site"]
    assert "content" in names(Turned(frozenset({SURROUNDINGS}), None))


class Database:
    """A freshness of a site whose content has turned `number` times."""

    number = 1

    def __init__(self, on_turn):
        self.on_turn = on_turn
        self.state, self.due = (), 0.0

    async def look(self):
        state = (Count(CONTENT, self.number, "today"),)
        if state != self.state:
            self.on_turn(Turned(frozenset({CONTENT}), frozenset()))
        self.state, self.due = state, 7.0

    def close(self):
        pass


def test_what_has_changed_is_told_once(tmp_path, monkeypatch):
    def told_now():
        out = StringIO()
        call_command("cdn_keys", tmp_path / "told", stdout=out)
        return out.getvalue().split()

    monkeypatch.setattr(freshness, "make", Database)

    assert [told_now(), told_now()] == [["content"], []]
    monkeypatch.setattr(Database, "number", 2)
    assert [told_now(), told_now()] == [["content"], []]
    assert json.loads((tmp_path / "told").read_text()) == {"state": [[CONTENT, 2, "today"]], "due": 7.0}
