"""A filter that learns what moderators decide, exactly, and nothing else."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import spam_filter, verbs
from comments.models import Comment, Word
from comments.spam_filter import LEAST_OF_EACH, MAX_WORDS, Opinion, combined, judge, learn, rebuild, words_of
from tests.factories import make_comment, make_post

HAM = "Thank you for this careful explanation of sourdough, my bread has never risen so well before."
SPAM = "Win big at our casino tonight, claim your free bonus chips at https://chips.casino.example now."


def draft(body, **fields):
    return Comment(**{"author_name": "Ada", "body": body, **fields})


def train(number=LEAST_OF_EACH):
    """Let a moderator approve and reject so many of each."""
    post = make_post()
    for text, verb in ((HAM, verbs.approve), (SPAM, verbs.mark_as_spam)):
        made = Comment.objects.bulk_create(
            Comment(post=post, author_name=f"Reader {i}", body=f"{text} {i}") for i in range(number)
        )
        verb(Comment.objects.filter(pk__in=[comment.pk for comment in made]))


def counted():
    """What the table of words says, as a dictionary."""
    return {row.word: (row.ham, row.spam) for row in Word.objects.all() if row.ham or row.spam}


def truth():
    """What it must say, counted from the comments."""
    ham, spam = Counter(), Counter()
    for comment in Comment.all_objects.all():
        if comment.learnt_as:
            {"ham": ham, "spam": spam}[comment.learnt_as].update({"", *words_of(comment)})
    return {word: (ham[word], spam[word]) for word in ham | spam}


# --- Words ---


def test_words_come_from_all_that_was_written():
    words = words_of(
        draft(
            "It's a CA\u200bSINO, see http://www.Chips.Casino.example/free-money",
            author_name="Best SEO",
            email="bo@mail.example",
            website="https://shop.example:8080/x",
        )
    )
    assert words >= {"it's", "casino", "see", "free", "money"}
    assert words >= {"name:best", "name:seo", "mail:mail.example", "mail:.example"}
    assert words >= {"link:chips.casino.example", "link:casino.example", "link:.example", "site:shop.example"}
    assert "a" not in words


def test_words_without_spaces_are_told_apart():
    assert words_of(draft("漢字かな")) >= {"漢字", "字か", "かな"}


@pytest.mark.parametrize("website", ["", "https://[", "https://localhost", "https://192.0.2.1/"])
def test_odd_addresses_do_no_harm(website):
    assert words_of(draft("Hello there", website=website)) >= {"hello", "there"}


@given(st.text(), st.text())
def test_words_fit_into_their_table(body, name):
    words = words_of(draft(body * 3, author_name=name, website=f"https://{'a' * 100}.example"))
    assert all(0 < len(word) <= 64 and "\0" not in word for word in words)


def test_words_are_bounded_in_number():
    body = " ".join(f"word{number} http://host{number}.example" for number in range(2000))
    assert len(words_of(draft(body))) < 2 * MAX_WORDS


# --- Judging ---


@pytest.mark.django_db
def test_it_says_nothing_before_it_has_seen_enough_of_both():
    assert judge(draft(SPAM)) is None
    train(LEAST_OF_EACH - 1)
    assert judge(draft(SPAM)) is None


@pytest.mark.django_db
def test_it_tells_spam_by_its_words_and_shows_them():
    train()
    opinion = judge(draft("Free casino bonus chips!"))
    assert opinion.score > 0.95
    assert {"casino", "bonus", "chips"} <= set(opinion.words)


@pytest.mark.django_db
def test_it_tells_what_is_sincere():
    train()
    opinion = judge(draft("My sourdough bread has risen, thank you for this."))
    assert opinion.score < 0.05
    assert "sourdough" in opinion.words


@pytest.mark.django_db
def test_of_what_it_does_not_know_it_knows_that():
    train()
    assert judge(draft("Entirely different vocabulary")) == Opinion(0.5, ())


@pytest.mark.django_db
def test_a_verdict_costs_one_query():
    train()
    with CaptureQueriesContext(connection) as queries:
        judge(draft(f"{SPAM} {HAM} " * 50))
    assert len(queries) == 1


@given(st.lists(st.floats(0.001, 0.999), max_size=60), st.floats(0.501, 0.999))
def test_a_score_is_a_share_and_grows_with_each_word_of_spam(probabilities, worse):
    score = combined(probabilities)
    assert 0 <= score <= 1
    doubled = combined([*probabilities, *[worse] * 60])
    assert 0 <= doubled <= 1
    assert combined([1 - p for p in probabilities]) == pytest.approx(1 - score)


# --- Learning ---


@pytest.mark.django_db
def test_moderators_teach_it_and_nobody_else():
    post = make_post()
    approved, spam, waiting, trashed = (make_comment(post, f"Words {i}", status="pending") for i in range(4))
    make_comment(post, "By itself", status="approved")
    make_comment(post, "By itself", status="spam")

    verbs.approve(Comment.objects.filter(pk=approved.pk))
    verbs.mark_as_spam(Comment.objects.filter(pk=spam.pk))
    verbs.hold(Comment.objects.filter(pk=waiting.pk))
    verbs.trash(Comment.objects.filter(pk=trashed.pk))

    assert counted()[""] == (1, 1)
    assert counted() == truth()


@pytest.mark.django_db
def test_what_is_said_again_is_learnt_once():
    comment = Comment.objects.filter(pk=make_comment(status="approved").pk)
    assert verbs.approve(comment) == 0
    assert verbs.approve(comment) == 0
    assert counted()[""] == (1, 0)


@pytest.mark.django_db
def test_a_decision_taken_back_leaves_nothing_behind():
    comments = Comment.objects.filter(pk=make_comment(status="pending").pk)
    verbs.approve(comments)
    verbs.mark_as_spam(comments)
    assert counted() == truth()
    assert counted()[""] == (0, 1)

    verbs.hold(comments)
    assert counted() == {}
    assert list(Word.objects.values_list("pk", flat=True)) == [""]


LESSON = st.tuples(st.sets(st.integers(0, 5), min_size=1), st.sampled_from(["ham", "spam", ""]))


@pytest.mark.django_db
def test_after_any_lessons_the_words_are_those_of_the_comments():
    post = make_post()
    pks = [make_comment(post, f"Some words and number{i % 3} other{i}").pk for i in range(6)]

    @settings(max_examples=40)
    @given(st.lists(LESSON, max_size=8))
    def teach(lessons):
        Comment.objects.update(learnt_as="")
        Word.objects.all().delete()
        for which, lesson in lessons:
            learn(Comment.objects.filter(pk__in=[pks[i] for i in which]), lesson)
        assert counted() == truth()

    teach()


@pytest.mark.django_db
def test_changed_words_are_forgotten_as_they_were():
    comment = make_comment(body="The former words")
    verbs.approve(Comment.objects.filter(pk=comment.pk))
    comment.refresh_from_db()

    comment.body = "Different ones"
    verbs.rewrite(comment, {"body"})

    assert counted() == {}
    comment.refresh_from_db()
    assert (comment.body, comment.learnt_as, comment.body_html) == ("Different ones", "", "<p>Different ones</p>\n")


@pytest.mark.django_db
def test_a_text_that_was_changed_past_it_never_brings_a_count_below_nothing():
    comment = make_comment(body="The former words")
    learn(Comment.objects.all(), "ham")
    Comment.objects.filter(pk=comment.pk).update(body="Different ones")
    learn(Comment.objects.all(), "")
    assert all(row.ham >= 0 for row in Word.objects.all())


@pytest.mark.django_db
def test_many_cost_as_many_queries_as_one():
    def cost(number):
        post = make_post()
        pks = [make_comment(post, f"Word{i} of many", status="pending").pk for i in range(number)]
        with CaptureQueriesContext(connection) as queries:
            assert verbs.approve(Comment.objects.filter(pk__in=pks)) == number
        return len(queries)

    cost(1)
    assert cost(1) == cost(30)


@pytest.mark.django_db
def test_what_is_changed_is_changed_in_batches(monkeypatch):
    monkeypatch.setattr(spam_filter, "BATCH", 2)
    monkeypatch.setattr(verbs, "BATCH", 2)
    post = make_post()
    for number in range(5):
        make_comment(post, f"Word{number}", status="pending")
    assert verbs.mark_as_spam(Comment.objects.pending()) == 5
    assert counted()[""] == (0, 5)
    assert counted() == truth()


def test_moderators_who_decide_at_once_are_all_learnt(open_to_threads):
    post, other = make_post(), make_post()
    pks = [make_comment(p, f"Shared words and number{i}", status="pending").pk for i in range(8) for p in (post, other)]
    open_to_threads()
    start = Barrier(4)

    def moderate(index):
        try:
            start.wait()
            for verb in (verbs.approve, verbs.mark_as_spam, verbs.approve)[index % 2 :]:
                verb(Comment.objects.filter(pk__in=pks[index:] if index % 2 else pks[: -1 - index]))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(moderate, index) for index in range(4)]:
            future.result()
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(look).result()


def look():
    try:
        return counted() == truth() and sum(counted()[""]) == Comment.objects.exclude(learnt_as="").count()
    finally:
        connection.close()


# --- Counting again ---


@pytest.mark.django_db
def test_all_can_be_counted_again_from_the_comments():
    train()
    learn(Comment.objects.filter(pk=make_comment(body="In the trash by now").pk), "ham")
    verbs.trash(Comment.objects.filter(body="In the trash by now"))
    before = counted()
    Word.objects.filter(ham__gt=3).update(ham=99)
    Word.objects.create(word="stale", ham=7)

    for _ in range(2):
        learnt = rebuild()
        assert (learnt.ham, learnt.spam) == (LEAST_OF_EACH + 1, LEAST_OF_EACH)
        assert counted() == before == truth()


def run(*arguments):
    output = StringIO()
    call_command("train_spam_filter", *arguments, stdout=output)
    return output.getvalue()


@pytest.mark.django_db
def test_the_command_says_what_it_has_done():
    assert "--from-statuses" in run()

    verbs.approve(Comment.objects.filter(pk=make_comment(body="One two three", author_name="Ada").pk))
    said = run()
    assert "Learnt 4 words from 1 approved comments and 0 of spam." in said
    assert f"before it knows {LEAST_OF_EACH} of each" in said

    train()
    assert "says nothing" not in run()


@pytest.mark.django_db
def test_the_command_takes_statuses_for_decisions_only_when_told_to():
    make_comment(body="Imported and approved", status="approved")
    make_comment(body="Imported and spam", status="spam")
    make_comment(body="Still waiting", status="pending")
    make_comment(body="Thrown away", status="approved").delete()

    run()
    assert counted() == {}
    assert "Took 2 comments" in run("--from-statuses")
    assert counted() == truth()
    assert counted()[""] == (1, 1)
    assert "Took 0 comments" in run("--from-statuses")
