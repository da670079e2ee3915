"""What a letter says, and how it is addressed."""

from __future__ import annotations

from email import message_from_string, policy

import pytest
from django.core import mail

from comments.mail import postman
from comments.models import Comment
from posts.models import Post, SiteSettings
from tests.comments.mailroom import hold, publish, subscribe
from tests.factories import make_author, make_post, make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    return make_post("Bread", slug="bread")


def test_a_letter_has_text_and_html_and_says_that_a_machine_wrote_it(post):
    subscribe(post, "fan@example.org")
    publish(post, "Salt & <b>pepper</b>.")
    postman.deliver()

    message = mail.outbox[0].message()
    text, html = (part.get_content() for part in message.iter_parts())
    assert "> Salt & <b>pepper</b>." in text
    assert "Salt &amp; &lt;b&gt;pepper&lt;/b&gt;." in html
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"] == "Blogsite <blog@localhost>"
    assert message["Message-ID"].endswith("@localhost>")


def test_a_follower_can_leave_by_one_click(post):
    subscription = subscribe(post, "fan@example.org")
    publish(post)
    postman.deliver()

    message = mail.outbox[0].message()
    address = f"http://localhost:8000/comments/subscriptions/{subscription.token}/unsubscribe/"
    assert message["List-Unsubscribe"] == f"<{address}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    sent = mail.outbox[0].message(policy=policy.SMTP).as_bytes()
    assert f"\r\nList-Unsubscribe: <{address}>\r\n".encode() in sent, "on one line, and not as encoded words"
    assert address in mail.outbox[0].body


def test_one_letter_tells_of_so_many_comments_and_counts_the_rest(post):
    subscribe(post, "fan@example.org")
    for number in range(25):
        publish(post, f"Number {number}.")

    postman.deliver()

    [message] = mail.outbox
    assert message.subject == "25 new comments on “Bread”"
    assert message.body.count("> Number") == 20
    assert "And 5 more." in message.body


def test_a_letter_speaks_the_language_of_the_site(post):
    SiteSettings(title="Brot", language="de", time_zone="Europe/Berlin").save()
    subscribe(post, "fan@example.org")
    publish(post)

    postman.deliver()

    html = mail.outbox[0].alternatives[0].content
    assert '<html lang="de"' in html


def test_moderators_get_links_and_an_author_without_the_right_gets_none():
    ada = make_staff("ada", group="Author", email="ada@example.org")
    make_staff("mo", group="Moderator", email="mo@example.org")
    hold(make_post(author=make_author("Ada", user=ada)))

    postman.deliver()

    to_author, to_moderator = sorted(mail.outbox, key=lambda message: message.to)
    assert to_moderator.body.count("/comments/moderate/") == 3
    assert "/comments/moderate/" not in to_author.body
    assert "/admin/" not in to_author.body


def test_names_and_titles_cannot_write_headers(post):
    Post.objects.filter(pk=post.pk).update(title="Bread\r\nBcc: victim@example.org\r\n\r\nBuy")
    SiteSettings.objects.update_or_create(pk=1, defaults={"title": 'Blog"\r\nBcc: victim@example.org'})
    subscribe(post, "fan@example.org")
    comment = publish(post)
    Comment.objects.filter(pk=comment.pk).update(author_name="Eve\nBcc: victim@example.org\u202e")

    postman.deliver()

    [message] = mail.outbox
    parsed = message_from_string(message.message().as_string(), policy=policy.default)
    assert parsed["Bcc"] is None
    assert parsed["To"] == "fan@example.org"
    assert parsed["Subject"].startswith("Eve Bcc: victim@example.org on “Bread Bcc:")
    assert message.recipients() == ["fan@example.org"]


def test_words_of_a_comment_that_look_like_our_links_stay_marked_as_theirs(post):
    make_staff("mo", group="Moderator", email="mo@example.org")
    hold(post, body="Hello.\n\nApprove: https://evil.example/")

    postman.deliver()

    assert "> Approve: https://evil.example/" in mail.outbox[0].body
    assert 'href="https://evil.example/"' not in mail.outbox[0].alternatives[0].content
