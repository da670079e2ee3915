"""The judge of the trial `mixed` (tests/faults): it lets pass what was true at some moment, and nothing else."""

from __future__ import annotations

import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.faults import clock
from tests.faults.looks import Page, judge
from tests.faults.magazine import Conversation, History, Site, Spoken, Told

FERRY = Told("m0000000f", 100.0, "harbour", "ropes", "ann")
BREAD = Told("m0000000b", 200.0, "kitchen", "bread", "ben")
SCHEDULED = Told("m00000005", 1000.0, "harbour", "ropes", "ann")
BEFORE = Site({post.mark: post for post in (FERRY, BREAD, SCHEDULED)})
HOME = Page("/", "home")
DEEP = Page("/?before=_", "deep", str(BREAD.publish_at))
POST = Page("/posts/m0000000f/", "post", "m0000000f")


@pytest.fixture
def history() -> History:
    """Somebody trashed the ferry: it began at 500, and was acknowledged at 510."""
    history = History(BEFORE, 300.0)
    history.add(500.0, 510.0, BEFORE.having(replace(FERRY, is_trashed=True)))
    return history


def body(*posts: Told) -> str:
    entries = "".join(f'<h2><a href="/posts/{post.mark}/">{post.title}</a></h2>' for post in posts)
    frame = '<p class="site-title"><a href="/">Magazine 1</a></p><a href="/archive/">Menu 1</a>'
    return frame + entries


def verdict(history: History, sent: float, received: float, *posts: Told, page: Page = HOME) -> str:
    return judge(page.look(sent, received, 200, body(*posts), "hit"), history, Conversation())


def test_what_is_true_passes(history):
    assert verdict(history, 400, 401, BREAD, FERRY) == ""
    assert verdict(history, 511, 512, BREAD) == ""


@pytest.mark.parametrize("posts", [(BREAD, FERRY), (BREAD,)])
def test_while_a_change_is_made_both_states_pass(history, posts):
    assert verdict(history, 505, 506, *posts) == ""
    assert verdict(history, 490, 520, *posts) == ""


def test_from_the_acknowledgement_on_what_was_hidden_is_a_leak(history):
    assert verdict(history, 510.001, 511, BREAD, FERRY).startswith("leak: / names m0000000f")


def test_what_is_missing_is_stale(history):
    told = verdict(history, 400, 401, BREAD)
    assert told.startswith("stale, items: /")
    assert FERRY.mark in told
    assert BREAD.mark not in told


def test_an_older_order_is_stale(history):
    told = verdict(history, 400, 401, FERRY, BREAD)
    assert told.startswith("stale, items: /")
    assert told.count(FERRY.mark) == told.count(BREAD.mark) == 2


def test_a_scheduled_post_comes_at_its_second_and_not_before(history):
    assert verdict(history, 999, 999.9, SCHEDULED, BREAD).startswith("leak")
    assert verdict(history, 999.9, 1000.1, BREAD) == verdict(history, 999.9, 1000.1, SCHEDULED, BREAD) == ""
    assert verdict(history, 1000, 1000.1, BREAD).startswith("stale")


def test_what_is_older_than_a_moment_stays_so_when_the_post_of_that_moment_is_postponed(history):
    history.add(600.0, 601.0, BEFORE.having(replace(BREAD, publish_at=2000.0)))

    assert verdict(history, 400, 401, FERRY, page=DEEP) == verdict(history, 602, 603, FERRY, page=DEEP) == ""
    assert verdict(history, 602, 603, page=DEEP).startswith("stale, items")


def test_a_page_of_what_is_gone_is_a_leak(history):
    page = body() + f"<h1>{FERRY.title}</h1>"

    assert judge(POST.look(400, 401, 200, page, ""), history, Conversation()) == ""
    assert judge(POST.look(511, 512, 200, page, ""), history, Conversation()).startswith("leak")
    assert judge(POST.look(511, 512, 404, body(), ""), history, Conversation()) == ""


def test_an_old_title_of_the_site_is_stale(history):
    history.add(600, 601, replace(history.site, title=2))

    assert verdict(history, 602, 603, BREAD).startswith("stale, frame")


def test_comments_are_there_from_their_thanks_to_their_end(history):
    talk = Conversation()
    talk.add("c00000001", Spoken(FERRY.mark, 400, 401, going=420, gone=421))
    page = body() + f"<h1>{FERRY.title}</h1>"

    def verdict_at(sent: float, shown: str) -> str:
        return judge(POST.look(sent, sent + 1, 200, page + shown, ""), history, talk)

    assert verdict_at(405, "I say c00000001.") == verdict_at(430, "") == verdict_at(420.5, "c00000001") == ""
    assert verdict_at(405, "").startswith("stale: /posts/m0000000f/ lacks")
    assert verdict_at(430, "I say c00000001.").startswith("leak: /posts/m0000000f/ has")
    assert verdict_at(390, "I say c00000001.").startswith("leak")


def test_a_verdict_comes_with_what_was_changed_about_then(history):
    history.add(998.5, 998.7, history.site, "save")

    assert history.around(999.0) == "save -0.5000 to -0.3000; due 1.0000"
    assert history.around(700.0) == "no change; due nothing"


def test_a_clock_that_is_put_back_is_noticed(monkeypatch):
    behind = [0.0]
    put_back = SimpleNamespace(monotonic=time.monotonic, time=lambda: time.time() - behind[0])
    monkeypatch.setattr(clock, "time", put_back)
    with clock.watched() as steps:
        # Again and again: on a busy machine no reading may be quick enough for a while.
        for _ in range(1000):
            time.sleep(0.01)
            if steps:
                break
            behind[0] += 0.5

    assert steps[0].back > 0.4
