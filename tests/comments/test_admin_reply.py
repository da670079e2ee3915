"""Answering from the queue."""

import pytest

from comments.models import Comment
from tests.comments.desk import QUEUE, is_trashed, make_waiting, press, status, undo
from tests.factories import make_author, make_comment, make_staff
from tests.posts.desk import log_in

pytestmark = pytest.mark.django_db


def reply(client, comment, body="So do I.", **data):
    return client.post(f"{QUEUE}{comment.pk}/reply/", {"body": body, **data}, follow=True)


def test_a_reply_is_public_at_once_and_approves_what_it_answers(moderator):
    comment = make_waiting()

    page = reply(moderator, comment, back="q=see")

    answer = Comment.objects.get(parent=comment)
    assert (answer.author_name, answer.status, answer.user.username) == ("Mo Reyes", "approved", "mo")
    assert status(comment) == "approved"
    assert "Your reply is published, and the comment approved." in page.content.decode()
    assert page.redirect_chain == [(f"{QUEUE}?q=see", 302)]
    comment.post.refresh_from_db()
    assert comment.post.comment_count == 2


def test_the_button_says_that_it_approves(moderator):
    make_waiting()
    make_comment()
    assert "Approve, and publish the reply" in moderator.get(QUEUE).content.decode()
    page = moderator.get(f"{QUEUE}?show=approved").content.decode()
    assert "Publish the reply" in page
    assert "Approve, and publish" not in page


def test_a_reply_can_be_taken_back_with_the_approval(moderator):
    comment = make_waiting()
    undo(moderator, reply(moderator, comment))
    assert status(comment) == "pending"
    assert is_trashed(Comment.all_objects.get(parent=comment))


def test_a_reply_that_is_sent_twice_is_published_once(moderator):
    comment = make_comment()
    reply(moderator, comment)
    reply(moderator, comment)
    assert Comment.objects.filter(parent=comment).count() == 1


def test_a_reply_that_was_taken_back_can_be_sent_again(moderator):
    comment = make_waiting()
    undo(moderator, reply(moderator, comment))
    reply(moderator, comment)
    reply(moderator, comment)
    assert Comment.objects.filter(parent=comment).count() == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Write your reply first."),
        (" \n", "Write your reply first."),
        ("é" * 10_001, "too long"),
        ("\u200b", "nothing in it that can be seen"),
    ],
)
def test_a_refused_reply_is_a_page_that_keeps_the_words(moderator, body, sentence):
    comment = make_waiting(body="What do you think?")

    page = reply(moderator, comment, body=body).content.decode()

    assert sentence in page
    assert "What do you think?" in page
    assert body.strip() in page
    assert status(comment) == "pending"


def test_without_script_the_form_is_a_page_of_its_own(moderator):
    page = moderator.get(f"{QUEUE}{make_waiting(author_name='Ada').pk}/reply/").content.decode()
    assert "Reply to Ada" in page


def test_a_reply_carries_the_profile_s_name_and_never_the_login_name():
    writer = make_staff("secret-login", group="Moderator")
    make_author("Ines", user=writer)
    comment = make_comment()
    reply(log_in(writer), comment)
    assert Comment.objects.get(parent=comment).author_name == "Ines"


def test_who_has_no_name_is_asked_for_one():
    client, comment = log_in(make_staff("secret-login", group="Moderator")), make_comment()

    page = reply(client, comment).content.decode()
    assert "Your name, as readers see it" in page
    assert "secret-login" not in page.split("<main")[1]
    assert not Comment.objects.filter(parent=comment).exists()

    reply(client, comment, author_name="Nora")
    assert Comment.objects.get(parent=comment).author_name == "Nora"


@pytest.mark.parametrize("name", ["\u200b", "\u202e \u2060"])
def test_a_name_that_nobody_can_see_is_none(name):
    client = log_in(make_staff(group="Moderator", first_name=name))
    comment = make_waiting()
    page = reply(client, comment, author_name=name)
    assert "nothing in it that can be seen" in page.content.decode()
    assert status(comment) == "pending"


def test_spam_and_trash_are_fetched_back_before_they_are_answered(moderator):
    spam, gone = make_comment(status="spam"), make_comment()
    press(moderator, "trash", gone, where=f"{QUEUE}?show=all")
    for comment in (spam, gone):
        assert "Fetch this comment back" in reply(moderator, comment).content.decode()
    assert not Comment.objects.filter(parent__in=[spam, gone]).exists()


@pytest.mark.parametrize("pk", ["0", "abc", "9" * 40, "²"])
def test_a_reply_to_nothing_is_not_found(moderator, pk):
    assert moderator.post(f"{QUEUE}{pk}/reply/", {"body": "So do I."}).status_code == 404


def test_authors_do_not_answer_from_the_desk():
    comment = make_waiting()
    assert reply(log_in(make_staff(group="Author")), comment).status_code == 403
    assert status(comment) == "pending"
