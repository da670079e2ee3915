"""What is collected about a new comment, from the request, the text and the database."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import evidence, word_lists
from comments.abuse import Trick
from comments.bans import ban_writers
from comments.evidence import Visit, gather
from comments.models import Ban, Comment
from comments.moderation import Writer
from comments.word_lists import Match, Searched
from posts.models import CommentPolicy, SiteSettings
from tests.costs import seconds_of
from tests.factories import make_author, make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db

LONG = "This offer is for all who read blogs and want to be rich at once."


def draft(body="I agree.", author_name="Ada", email="ada@a.example", **fields):
    return Comment(
        post=fields.pop("post", None) or make_post(), body=body, author_name=author_name, email=email, **fields
    )


def signals(comment=None, visit=None, policy=CommentPolicy.HOLD_FIRST, **settings):
    return gather(comment or draft(), visit or Visit(), SiteSettings(**settings), policy)


def make_member(username="mia", **overrides):
    return get_user_model().objects.create_user(username, **overrides)


# --- Who ---


def test_a_writer_is_known_by_name_and_address_together():
    make_comment(author_name="Ada", email="ada@a.example")
    make_comment(author_name="Ben", email="ben@b.example", status="pending")
    make_comment(author_name="Cy", email="cy@c.example").delete()
    make_comment(author_name="Di")

    assert signals(draft()).writer == Writer.KNOWN
    assert signals(draft(email="ADA@A.example")).writer == Writer.KNOWN
    assert signals(draft(author_name="Adam")).writer == Writer.NEWCOMER
    assert signals(draft(email="eve@a.example")).writer == Writer.NEWCOMER
    assert signals(draft(author_name="Ben", email="ben@b.example")).writer == Writer.NEWCOMER
    assert signals(draft(author_name="Cy", email="cy@c.example")).writer == Writer.NEWCOMER
    assert signals(draft(author_name="Di", email="")).writer == Writer.NAMELESS


def test_nobody_is_known_by_the_comment_that_is_being_changed():
    comment = make_comment(author_name="Ada", email="ada@a.example")
    assert signals(comment).writer == Writer.NEWCOMER


def test_who_is_signed_in_is_a_member_and_staff_belong_to_the_team():
    assert signals(visit=Visit(user=make_member())).writer == Writer.MEMBER
    assert signals(visit=Visit(user=make_staff())).writer == Writer.TEAM
    assert signals(visit=Visit(user=make_staff(is_active=False))).writer == Writer.NEWCOMER


def test_who_wrote_the_post_belongs_to_the_team_below_it_and_nowhere_else():
    mia, ben = make_member("mia"), make_member("ben")
    post = make_post(author=make_author("Mia", user=mia))
    post.co_authors.add(make_author("Ben", user=ben))

    assert signals(draft(post=post), Visit(user=mia)).writer == Writer.TEAM
    assert signals(draft(post=post), Visit(user=ben)).writer == Writer.TEAM
    assert signals(draft(), Visit(user=mia)).writer == Writer.MEMBER


def test_the_team_is_not_searched_for_abuse():
    found = signals(draft("casino"), Visit(user=make_staff(), trap_filled=True), comment_spam_words="casino")
    assert (found.spam_word, found.trap_filled) == ("", False)


# --- What ---


def test_the_request_and_the_text_are_looked_at():
    found = signals(
        draft("[url=http://a.example]x[/url] http://b.example"),
        Visit(trap_filled=True, seconds=2.5),
        policy=CommentPolicy.OPEN,
        comment_max_links=1,
    )
    assert (found.policy, found.trap_filled, found.seconds) == ("open", True, 2.5)
    assert (found.links, found.max_links, found.tricks) == (2, 1, (Trick.BBCODE,))
    assert (found.spam_score, found.copies, found.banned) == (None, 0, "")


@pytest.mark.parametrize(
    ("words", "address", "match"),
    [
        ("casino", None, Match("casino")),
        ("bingo\n  CASINO  \n", None, Match("CASINO")),
        ("sino", None, Match("sino")),
        ("bold word", None, Match("bold word")),
        ("rolex-shop", None, Match("rolex-shop")),
        ("@mail.example", None, Match("@mail.example")),
        ("https://shop.", None, Match("https://shop.")),
        ("\n \n", None, Match()),
        ("bingo", None, Match()),
        ("203.0.113.", "203.0.113.7", Match(in_address=True)),
        ("2001:DB8:", "2001:db8::1", Match(in_address=True)),
        ("203.0.113.7", "203.0.113.7", Match(in_address=True)),
        ("03.0.113", "203.0.113.7", Match()),
        ("203", "203.0.113.7", Match()),
        ("203.0.113.7", None, Match()),
    ],
)
def test_words_are_found_in_text_name_addresses_and_network(words, address, match):
    comment = draft(
        "A **bold** word about Ca\u200bsinos", "Rolex-Shop", "x@mail.example", website="https://shop.example"
    )
    found = signals(comment, Visit(address=ip_address(address) if address else None), comment_spam_words=words)

    assert Match(found.spam_word, found.spam_address) == match


def test_the_lists_are_two():
    found = signals(draft("lottery and casino"), comment_spam_words="casino", comment_hold_words="lottery")
    assert (found.spam_word, found.hold_word, found.hold_address) == ("casino", "lottery", False)


def test_a_long_list_is_searched_in_no_time():
    words = "\n".join(f"word{number}" for number in range(2000))
    searched = Searched.of(["wor wo w " * 2200], "203.0.113.7")
    assert word_lists.find(words, searched) == Match()
    assert seconds_of(lambda: word_lists.find(words, searched), 0.25) < 0.25


# --- Copies ---


def test_copies_of_a_text_are_counted_wherever_and_whatever_they_are():
    make_comment(body=LONG, author_name="Bob")
    make_comment(body=LONG, status="spam").delete()
    make_comment(body=f"{LONG} Really.")

    assert signals(draft(LONG)).copies == 2


def test_what_is_short_is_no_copy():
    make_comment(body="Thank you!")
    assert signals(draft("Thank you!")).copies == 0


def test_a_comment_is_no_copy_of_itself():
    assert signals(make_comment(body=LONG)).copies == 0


def test_copies_are_looked_for_among_the_newest(monkeypatch):
    monkeypatch.setattr(evidence, "COPIES_AMONG", 2)
    make_comment(body=LONG, created_at=timezone.now() - timedelta(days=1))
    make_comment()
    assert signals(draft(LONG)).copies == 1
    make_comment()
    assert signals(draft(LONG)).copies == 0


# --- Bans ---


@pytest.mark.parametrize(
    ("kind", "value", "is_met"),
    [
        ("email", "ADA@a.example", True),
        ("email", "bda@a.example", False),
        ("name", "  ada ", True),
        ("name", "ada@a.example", False),
        ("network", "203.0.113.7", True),
        ("network", "203.0.113.0/24", True),
        ("network", "203.0.112.0/23", True),
        ("network", "0.0.0.0/0", True),
        ("network", "203.0.113.8", False),
        ("network", "2001:db8::/32", False),
    ],
)
def test_a_ban_meets_whom_it_names(kind, value, is_met):
    Ban.objects.create(kind=kind, value=value)
    found = signals(visit=Visit(address=ip_address("203.0.113.7")))
    assert found.banned == (kind if is_met else "")


def test_a_ban_of_a_range_of_ipv6_is_met():
    Ban.objects.create(kind="network", value="2001:db8:1::/48")
    assert signals(visit=Visit(address=ip_address("2001:db8:1:2::3"))).banned == "network"
    assert signals(visit=Visit(address=ip_address("2001:db8:2::3"))).banned == ""
    assert signals(visit=Visit(address=None)).banned == ""


def test_no_ban_meets_those_who_leave_no_address():
    Ban.objects.create(kind="email", value="ada@a.example")
    assert signals(draft(email="")).banned == ""


def test_who_wrote_comments_is_banned_once():
    staff = make_staff()
    for name in ("Bob", "bob", "Rob"):
        make_comment(author_name=name, email="Bob@b.example", address_range="203.0.113.0/24")
    make_comment(author_name="Nobody")

    comments = Comment.objects.exclude(author_name="Nobody")
    assert ban_writers(comments, "name", by=staff.pk, note="Watches") == 2
    assert ban_writers(Comment.objects.all(), "email") == 1
    assert ban_writers(Comment.objects.all(), "network") == 1
    assert ban_writers(comments, "name") == 0

    assert set(Ban.objects.values_list("kind", "value")) == {
        ("name", "bob"),
        ("name", "rob"),
        ("email", "bob@b.example"),
        ("network", "203.0.113.0/24"),
    }
    assert Ban.objects.get(value="rob").created_by == staff
    assert signals(draft(author_name="ROB")).banned == "name"


# --- Cost ---


def test_it_costs_the_same_however_much_there_is():
    def cost():
        comment = draft(LONG, website="https://shop.example")
        visit = Visit(address=ip_address("2001:db8::1"))
        with CaptureQueriesContext(connection) as queries:
            gather(comment, visit, SiteSettings(comment_spam_words="bingo"), CommentPolicy.OPEN)
        return len(queries)

    alone = cost()
    for number in range(20):
        make_comment(body=LONG, author_name="Ada", email="ada@a.example")
        Ban.objects.create(kind="name", value=f"Name {number}")
    assert cost() == alone <= 5
