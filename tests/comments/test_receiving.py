"""What arrives is stored once, judged, and told to whom it concerns."""

from __future__ import annotations

import ipaddress
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from comments import limits
from comments.evidence import Visit
from comments.models import Attempt, Comment, Notice, Subscription
from comments.receiving import Closed, MembersOnly, ParentGone, may_vouch, receive
from posts.models import Post, SiteSettings
from tests.factories import make_comment, make_post, make_staff

HERE = ipaddress.ip_address("203.0.113.7")
THERE = ipaddress.ip_address("198.51.100.7")
LONG_AGO = timezone.now() - timedelta(days=3)


def draft(post, body="I agree.", author_name="Ada", **fields):
    return Comment(post=post, body=body, author_name=author_name, **fields)


def take(comment, address=HERE, *, wish="", user=None, site=None, **visit):
    """Receive a comment under a policy that publishes it, unless told otherwise."""
    site = site or SiteSettings(comment_policy="open", comment_rate_per_address=100)
    return receive(comment, Visit(address, user=user, **visit), site, wish)


@pytest.mark.django_db
def test_the_verdict_is_kept_with_its_reasons():
    take(draft(make_post()), trap_filled=True)
    comment = Comment.objects.get()
    assert comment.status == "spam"
    assert comment.reasons_in_words == ["A field that people cannot see was filled in."]


@pytest.mark.django_db
def test_of_an_address_a_hash_and_a_network_are_kept():
    take(draft(make_post()))
    comment = Comment.objects.get()
    assert comment.address_range == "203.0.113.0/24"
    assert len(comment.address_hash) == 32
    assert "203.0.113.7" not in comment.address_hash


@pytest.mark.django_db
def test_a_comment_that_waits_is_told_to_the_moderators():
    make_staff(group="Editor", email="editor@example.org")
    take(draft(make_post()), site=SiteSettings(comment_policy="hold_all"))
    assert Notice.objects.get().kind == "held"


@pytest.mark.django_db
def test_mail_that_was_ordered_is_confirmed_first():
    take(draft(make_post(), email="ada@example.org"), wish="all")
    assert Subscription.objects.get().email == "ada@example.org"
    assert Notice.objects.get().kind == "confirm"


# --- Once ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_second_press_of_the_button_stores_nothing():
    post = make_post()
    first = take(draft(post))
    assert take(draft(post)) == first
    assert take(draft(post), THERE) == first, "a phone may change its network meanwhile"
    assert Comment.objects.count() == 1
    assert {attempt.number for attempt in Attempt.objects.all()} == {1}


@pytest.mark.django_db
def test_a_second_press_does_not_bring_back_what_is_in_the_trash():
    post = make_post()
    take(draft(post)).delete()
    take(draft(post))
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_the_form_that_is_sent_again_days_later_stores_nothing():
    post = make_post()
    take(draft(post))
    take(draft(post, email="ben@example.org", author_name="Ben"), THERE)
    Comment.objects.update(created_at=LONG_AGO)
    take(draft(post))
    take(draft(post, email="ben@example.org", author_name="Ben"), HERE)
    assert Comment.objects.count() == 2


@pytest.mark.django_db
def test_the_same_words_are_another_comment_elsewhere_later_or_from_another():
    post = make_post()
    first = make_comment(post, "I agree.", author_name="Ada", created_at=LONG_AGO)
    take(draft(post))
    take(draft(post, parent=first))
    take(draft(post, author_name="Ben"))
    take(draft(post, email="ada@example.org"))
    take(draft(make_post()))
    assert Comment.objects.count() == 6


@pytest.mark.django_db
def test_a_second_press_is_not_refused_because_the_first_was_the_last():
    post = make_post()
    site = SiteSettings(comment_policy="open", comment_rate_per_address=1)
    first = take(draft(post), site=site)
    assert take(draft(post), site=site) == first
    Post.objects.update(comment_policy="off")
    assert take(draft(post), site=site) == first


@pytest.mark.django_db
def test_who_repeats_the_words_of_another_is_not_their_writer():
    post = make_post()
    first = take(draft(post))
    pressed_again, copied = draft(post), draft(post)
    assert may_vouch(take(pressed_again), pressed_again)
    assert not may_vouch(take(copied, THERE), copied)
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    late = draft(post)
    assert not may_vouch(take(late), late)
    assert may_vouch(first, first)


@pytest.mark.django_db
def test_where_addresses_are_not_known_nobody_is_taken_for_another():
    post = make_post()
    take(draft(post), None)
    again = draft(post)
    assert not may_vouch(take(again, None), again)


# --- What has changed while the reader wrote --------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_reply_to_what_is_gone_meanwhile_is_not_stored():
    parent = make_comment()
    reply = draft(parent.post, parent=parent)
    parent.delete()
    with pytest.raises(ParentGone):
        take(reply)
    Comment.all_objects.filter(pk=parent.pk).purge()
    with pytest.raises(ParentGone):
        take(reply)
    assert not Comment.objects.exists()


@pytest.mark.django_db
def test_a_reply_stands_where_its_parent_stands_by_then():
    top = make_comment()
    parent = make_comment(top.post, parent=top)
    reply = draft(top.post, parent=Comment.objects.get(pk=parent.pk))
    Comment.all_objects.filter(pk=top.pk).purge()
    assert take(reply).thread_id == parent.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    "hidden",
    [{"status": "draft"}, {"visibility": "private"}, {"deleted_at": LONG_AGO}],
    ids=lambda value: next(iter(value)),
)
def test_nothing_is_stored_on_a_post_that_was_hidden_meanwhile(hidden):
    post = make_post()
    comment = draft(post)
    Post.all_objects.filter(pk=post.pk).update(**hidden)
    with pytest.raises(Post.DoesNotExist):
        take(comment)


@pytest.mark.django_db
def test_nothing_is_stored_on_a_post_that_was_purged_meanwhile():
    post = make_post()
    comment = draft(post)
    Post.all_objects.filter(pk=post.pk).purge()
    with pytest.raises(Post.DoesNotExist):
        take(comment)


@pytest.mark.django_db
def test_nothing_is_stored_where_comments_were_closed_meanwhile():
    comment = draft(make_post())
    Post.objects.update(comment_policy="off")
    with pytest.raises(Closed):
        take(comment)


@pytest.mark.django_db
def test_members_alone_may_write_where_the_policy_says_so():
    post = make_post(comment_policy="members")
    with pytest.raises(MembersOnly):
        take(draft(post))
    member = make_staff()
    assert take(draft(post, user=member), user=member).user == member


# --- Not too often ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_too_much_leaves_no_trace():
    post = make_post()
    site = SiteSettings(comment_policy="open", comment_rate_per_address=2)
    for number in range(2):
        take(draft(post, f"Number {number}"), site=site)
    with pytest.raises(limits.TooMany):
        take(draft(post, "Number 2"), site=site)
    assert take(draft(post, "Number 2"), THERE, site=site)
    assert Attempt.objects.get(key=f"post:{post.pk}").number == 3


@pytest.mark.django_db
def test_moderators_write_as_often_as_they_like():
    post, moderator = make_post(), make_staff(is_superuser=True)
    site = SiteSettings(comment_rate_per_address=1)
    for number in range(3):
        take(draft(post, f"Number {number}", user=moderator), user=moderator, site=site)
    assert Comment.objects.count() == 3


# --- At once ----------------------------------------------------------------------------------------------------------


def in_threads(number, work):
    """Start `work` that often at the same moment; return what each gives."""
    start = Barrier(number)

    def run(index):
        try:
            start.wait()
            return work(index)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return [future.result() for future in [pool.submit(run, index) for index in range(number)]]


def test_of_equal_comments_that_race_one_is_stored(open_to_threads):
    post = make_post()
    open_to_threads()

    stored = in_threads(8, lambda _index: take(draft(post)).pk)

    assert len(set(stored)) == 1


def test_comments_that_race_are_all_stored_and_counted(open_to_threads):
    post = make_post()
    open_to_threads()

    in_threads(8, lambda index: take(draft(post, f"Number {index}")))

    assert in_threads(1, lambda _index: Post.objects.get().comment_count) == [8]


def test_comments_that_race_from_one_address_are_stored_up_to_its_limit(open_to_threads):
    posts = [make_post() for _ in range(2)]
    site = SiteSettings(comment_policy="open", comment_rate_per_address=5)
    open_to_threads()

    def attempt(index):
        try:
            return take(draft(posts[index % 2], f"Number {index}"), site=site).pk
        except limits.TooMany:
            return None

    assert len(set(in_threads(8, attempt)) - {None}) == 5


def test_verbs_in_opposite_order_never_wait_in_a_circle(open_to_threads):
    posts = [make_post() for _ in range(4)]
    comments = [make_comment(post) for post in posts for _ in range(3)]
    open_to_threads()

    def turn(index):
        mine = comments[::-1] if index % 2 else comments
        for status in ("spam", "approved") * 3:
            Comment.objects.filter(pk__in=[c.pk for c in mine]).order_by("-pk" if index % 2 else "pk").update(
                status=status
            )
        mine[index].save()
        Comment.all_objects.filter(pk=mine[index].pk).purge()

    in_threads(4, turn)

    [counts] = in_threads(1, lambda _index: {p.pk: p.comment_count for p in Post.objects.all()})
    [truth] = in_threads(1, lambda _index: {p.pk: p.comments.count() for p in Post.objects.all()})
    assert counts == truth
