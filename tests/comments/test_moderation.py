"""What becomes of a comment, given what is known of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from comments.abuse import Trick
from comments.moderation import REASONS, Signals, Writer, decide, in_words
from posts.models import CommentPolicy

KINDER_FIRST = ["approved", "pending", "spam"]

# What can be found against a comment, each alone.
AGAINST = {
    "banned_email": {"banned": "email"},
    "banned_name": {"banned": "name"},
    "banned_network": {"banned": "network"},
    "trap_filled": {"trap_filled": True},
    "spam_word": {"spam_word": "casino"},
    "spam_address": {"spam_address": True},
    "filter_sure": {"spam_score": 0.995, "telling_words": ("casino",)},
    "filter_suspects": {"spam_score": 0.95, "telling_words": ("casino",)},
    "copies": {"copies": 3},
    "hold_word": {"hold_word": "lottery"},
    "hold_address": {"hold_address": True},
    "too_many_links": {"links": 3, "max_links": 2},
    "too_fast": {"seconds": 1.5},
    "bbcode": {"tricks": (Trick.BBCODE,)},
    "html_links": {"tricks": (Trick.HTML_LINKS,)},
    "hidden_characters": {"tricks": (Trick.HIDDEN,)},
    "disguised_letters": {"tricks": (Trick.DISGUISED,)},
}
HARD = ["banned_email", "banned_name", "banned_network", "trap_filled", "spam_word", "spam_address"]
GRAVE = ["filter_sure", "copies"]

SIGNALS = st.builds(
    Signals,
    policy=st.sampled_from([*CommentPolicy.values, "of_the_future"]),
    writer=st.sampled_from(Writer),
    banned=st.sampled_from(["", "email", "name", "network"]),
    trap_filled=st.booleans(),
    spam_word=st.sampled_from(["", "casino"]),
    spam_address=st.booleans(),
    hold_word=st.sampled_from(["", "lottery"]),
    hold_address=st.booleans(),
    spam_score=st.none() | st.floats(0, 1),
    copies=st.integers(0, 5),
    links=st.integers(0, 5),
    seconds=st.none() | st.floats(0, 60),
    tricks=st.sets(st.sampled_from(Trick)).map(tuple),
)


def codes(signals):
    return [reason["code"] for reason in decide(signals).reasons]


@pytest.mark.parametrize(
    ("policy", "writer", "status", "code"),
    [
        ("hold_first", Writer.NAMELESS, "pending", "no_identity"),
        ("hold_first", Writer.NEWCOMER, "pending", "first_comment"),
        ("hold_first", Writer.KNOWN, "approved", "known_author"),
        ("hold_first", Writer.MEMBER, "approved", "member"),
        ("hold_first", Writer.TEAM, "approved", "team"),
        ("hold_all", Writer.NEWCOMER, "pending", "all_held"),
        ("hold_all", Writer.KNOWN, "pending", "all_held"),
        ("hold_all", Writer.MEMBER, "pending", "all_held"),
        ("hold_all", Writer.TEAM, "approved", "team"),
        ("members", Writer.KNOWN, "pending", "members_only"),
        ("members", Writer.MEMBER, "approved", "member"),
        ("members", Writer.TEAM, "approved", "team"),
        ("open", Writer.NAMELESS, "approved", "open"),
        ("open", Writer.NEWCOMER, "approved", "open"),
        ("open", Writer.KNOWN, "approved", "known_author"),
        ("off", Writer.KNOWN, "pending", "all_held"),
    ],
)
def test_the_policy_decides_on_what_looks_like_any_other(policy, writer, status, code):
    verdict = decide(Signals(policy=policy, writer=writer))
    assert verdict.status == status
    assert [reason["code"] for reason in verdict.reasons] == [code]


@pytest.mark.parametrize("code", AGAINST)
@pytest.mark.parametrize("writer", Writer)
def test_abuse_is_found_whatever_the_policy(code, writer):
    verdict = decide(Signals(policy="open", writer=writer, **AGAINST[code]))
    if writer == Writer.TEAM:
        assert verdict.status == "approved"
    elif code in HARD:
        assert verdict.status == "spam"
    elif code in GRAVE:
        assert verdict.status == ("pending" if writer in {Writer.KNOWN, Writer.MEMBER} else "spam")
    else:
        assert verdict.status == "pending"
    assert (code in [reason["code"] for reason in verdict.reasons]) == (writer != Writer.TEAM)


@given(SIGNALS, st.sampled_from(list(AGAINST)))
def test_one_more_thing_against_a_comment_never_makes_its_verdict_kinder(signals, code):
    worse = AGAINST[code]
    if "tricks" in worse:
        worse = {"tricks": (*signals.tricks, *worse["tricks"])}
    for number in ("copies", "spam_score"):
        if number in worse:
            worse = {**worse, number: max(worse[number], getattr(signals, number) or 0)}
    before, after = decide(signals), decide(replace(signals, **worse))
    assert KINDER_FIRST.index(after.status) >= KINDER_FIRST.index(before.status)


@given(SIGNALS)
def test_only_the_team_is_above_suspicion(signals):
    verdict = decide(signals)
    assert verdict.reasons
    if signals.writer == Writer.TEAM:
        assert verdict.status == "approved"
    elif verdict.status == "approved":
        assert not {reason["code"] for reason in verdict.reasons} & AGAINST.keys()


@given(SIGNALS)
def test_every_reason_has_its_sentence_without_a_gap(signals):
    reasons = decide(signals).reasons
    sentences = in_words(reasons)
    assert len(sentences) == len(reasons)
    assert not any("%" in sentence.replace("%)", "") or "…" in sentence for sentence in sentences)


def test_the_worst_comes_first():
    signals = Signals(
        policy="hold_all", writer=Writer.NEWCOMER, seconds=1, links=9, copies=4, banned="name", spam_score=0.05
    )
    assert codes(signals) == ["banned_name", "copies", "too_many_links", "too_fast"]


def test_a_filter_that_sees_nothing_tells_the_moderator_so():
    assert codes(Signals(writer=Writer.NEWCOMER, spam_score=0.02)) == ["first_comment", "filter_trusts"]
    assert codes(Signals(writer=Writer.NEWCOMER, spam_score=0.5)) == ["first_comment"]
    assert codes(Signals(policy="open", spam_score=0.02)) == ["open"]


@pytest.mark.parametrize(
    ("signals", "sentence"),
    [
        ({"links": 5}, "It has more links than allowed: 5 instead of 2."),
        ({"seconds": 1.26}, "It was written faster than people write. Seconds: 1.3."),
        ({"spam_word": "100%"}, "It has a word of the spam list: 100%."),
        (
            {"spam_score": 0.97, "telling_words": ("casino", "link:.top", "name:seo", "10:30")},
            "The spam filter suspects it (97%), because of: casino, .top (link), seo (name), 10:30.",
        ),
    ],
)
def test_reasons_are_told_in_plain_words(signals, sentence):
    assert in_words(decide(Signals(policy="open", **signals)).reasons) == [sentence]


def test_reasons_of_other_versions_do_no_harm():
    assert in_words([{"code": "of_the_future"}, {}]) == []
    assert in_words([{"code": "spam_word"}]) == ["It has a word of the spam list: …."]
    assert in_words([{"code": "filter_sure", "percent": "many", "words": 7}]) == [
        "The spam filter takes it for spam (many%), because of: 7."
    ]


def test_reasons_are_told_in_the_language_of_the_reader():
    with translation.override("de"):
        assert in_words([{"code": code} for code in REASONS])
