"""What becomes a file, and which files go that no writer has taken away."""

import os
import subprocess
import sys
from contextlib import contextmanager
from math import inf
from types import SimpleNamespace

import pytest
from django.conf import settings as of_site

from blogsite.pagecache.answers import Entry
from blogsite.pagecache.keys import Key
from blogsite.pagefiles import names, publisher
from blogsite.pagefiles.edition import own_edition
from blogsite.pagefiles.folder import Folder
from blogsite.pagefiles.publisher import PageFiles
from posts.generation import CONTENT, SURROUNDINGS
from posts.shown import Note
from posts.state import Count

STATE = (Count(CONTENT, 10, "yesterday"), Count(SURROUNDINGS, 10, "yesterday"))
NOW = 1_800_000_004.0
HOUR = 3600.0


class Database:
    """A database with nothing in it but a state."""

    def __init__(self, state=STATE):
        self.state = state

    def ensure_connection(self):
        """It is there."""

    def look(self):
        return self.state

    def posts_since(self, number, most):
        return []

    @contextmanager
    def no_writer(self):
        yield True


class Clock:
    def __init__(self):
        self.now = NOW

    def time(self):
        return self.now

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(publisher, "time", clock)
    return clock


@pytest.fixture
def service(tmp_path, clock):
    names.usual_headers.cache_clear()
    yield service_in(tmp_path)
    names.usual_headers.cache_clear()


def service_in(path):
    service = PageFiles(Folder(path), "http://testserver")
    service.freshness = SimpleNamespace(state=STATE, due=inf)
    return service


def entry(content=b"Hello."):
    key = Key("http", "testserver", "/", b"")
    return Entry(key, 200, list(names.usual_headers().items()), content, Note(STATE, frozenset({CONTENT})))


def give(service, entry):
    service.keep(entry.key, entry)
    service.tend(Database())


def page(service):
    path = service.folder.path / "current/pages/index.html"
    return path.read_bytes() if path.exists() else None


def test_what_is_given_becomes_a_file(service):
    give(service, entry())

    assert page(service) == b"Hello."


def test_nobody_fills_the_memory_with_queries_that_make_no_file(service):
    for number in range(100):
        asked = entry()
        asked.key = asked.key._replace(query=b"page=%d%s" % (number, b"x" * 1900))
        give(service, asked)

    assert page(service) is None
    assert not service._known


def test_what_was_made_before_a_change_does_not(service):
    service.freshness.state = (STATE[0]._replace(number=9), STATE[1])
    give(service, entry())

    assert page(service) is None


def test_a_page_that_was_made_anew_is_another_one(service):
    """Also where Python puts it into the memory of the one before."""
    for content in (b"Hello.", b"Hello again."):
        give(service, entry(content))
        assert page(service) == content
        service.folder.take_away()


def test_a_clock_that_is_put_back_takes_all_away(service, clock):
    """A post that was due would be due no more."""
    give(service, entry())
    clock.now -= HOUR
    service.tend(Database())

    assert page(service) is None
    give(service, entry())
    assert page(service) == b"Hello."


def test_what_waits_while_the_clock_is_put_back_is_no_page_of_now(service, clock):
    kept = entry()
    service.keep(kept.key, kept)
    clock.now -= HOUR
    service.tend(Database())

    assert page(service) is None


def test_nothing_is_published_beyond_the_next_turn_of_time(service, clock):
    service.freshness.due = NOW + HOUR
    give(service, entry())
    assert page(service) == b"Hello."
    clock.now += HOUR
    service.tend(Database())

    assert page(service) is None


def test_what_another_program_has_published_goes(service, tmp_path):
    give(service, entry())
    other = service_in(tmp_path)
    other.tend(Database())
    assert page(service) == b"Hello.", "The same program has two processes."

    other._program = "another"
    other.tend(Database())
    assert page(service) is None


def test_a_service_begins_with_nothing(service, tmp_path, monkeypatch):
    give(service, entry())
    monkeypatch.setattr(PageFiles, "_run", lambda service: None)
    service_in(tmp_path).start(service.freshness)

    assert page(service) is None


def test_other_settings_are_another_program(settings):
    before = own_edition()
    settings.CDN_SECONDS = 60

    assert own_edition() != before


def test_another_template_is_another_program(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates").mkdir()
    template = tmp_path / "templates/base.html"
    template.write_text("mild")
    before = own_edition()
    template.write_text("wilder")

    assert own_edition() != before


def test_all_processes_of_a_service_are_one_program():
    """Although each gives the items of a set in an order of its own."""
    program = "import django; django.setup(); from blogsite.pagefiles.edition import own_edition; print(own_edition())"
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=of_site.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "blogsite.settings", "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1
