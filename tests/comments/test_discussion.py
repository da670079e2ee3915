"""What stands below a post, for whoever comes by."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from posts.models import SiteSettings
from tests.costs import queries_of
from tests.factories import make_comment, make_draft, make_post, make_staff

pytestmark = pytest.mark.django_db


def discussion(post):
    """What stands below a post for whoever has not written there."""
    post.refresh_from_db()
    context = Context({"post": post, "site": SiteSettings.load(), "request": RequestFactory().get("/")})
    return Template("{% load discussion %}{% discussion post %}").render(context)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_approved_comments_are_shown_oldest_first():
    post = make_post()
    now = timezone.now()
    make_comment(post, "I came second.", created_at=now)
    make_comment(post, "I came first.", created_at=now - timedelta(hours=1))

    page = discussion(post)

    assert page.index("I came first.") < page.index("I came second.")
    assert "2 comments" in words(page)


def test_one_comment_is_counted_in_the_singular():
    assert re.search(r"\b1 comment\b", words(discussion(make_comment().post)))


def test_a_comment_has_an_address_a_time_and_an_author():
    comment = make_comment(author_name="Ada <b>", website="https://ada.example/?a=1&b=2")

    page = discussion(comment.post)

    assert f'<article class="comment" id="comment-{comment.pk}">' in page
    assert comment.get_absolute_url().endswith(f"{comment.post.slug}/comments/{comment.pk}/")
    assert f'href="{comment.get_absolute_url()}"' in page
    assert f'<time datetime="{comment.created_at:%Y-%m-%dT%H:%M:%S}+00:00">' in page
    assert "Ada &lt;b&gt;" in page
    assert '<a href="https://ada.example/?a=1&amp;b=2" rel="nofollow ugc noopener">' in page


def test_an_address_is_never_shown(client):
    comment = make_comment(email="ada@example.org")
    assert b"ada@example.org" not in client.get(comment.post.get_absolute_url()).content


def test_a_reply_stands_in_a_list_below_what_it_answers():
    parent = make_comment(author_name="Ada")
    make_comment(parent.post, parent=parent)

    page = discussion(parent.post)

    assert re.search(r'</article>\s*<ol class="replies">\s*<li>\s*<article', page)
    assert "in reply to" not in page, "its place says so"


def test_a_reply_below_the_last_indentation_says_whom_it_answers():
    comment = make_comment(author_name="Ada")
    for name in ["Bo", "Cy", "Di", "Edo"]:
        comment = make_comment(comment.post, parent=comment, author_name=name)

    page = discussion(comment.post)

    assert page.count('<ol class="replies">') == page.count("</ol></li>") + 1 == 3
    assert f'in reply to <a href="#comment-{comment.parent_id}"><bdi>Di</bdi></a>' in page
    assert page.count("in reply to") == 1


@pytest.mark.parametrize("kind", [{"status": "pending"}, {"status": "spam"}, {"deleted_at": timezone.now()}])
def test_what_is_not_approved_is_shown_nowhere(client, kind):
    post = make_post()
    comment = make_comment(post, "Zeppelin", author_name="Zeppelin", **kind)
    make_comment(post, parent=comment)
    base = post.get_absolute_url()

    for address in ["/", base, f"{base}comments/", "/comments/feed/", "/feed/", "/search/?q=paragraph"]:
        response = client.get(address, follow=True)
        assert response.status_code == 200
        assert b"Zeppelin" not in response.content
        assert f"comments/{comment.pk}/".encode() not in response.content
    assert client.get(f"{base}comments/{comment.pk}/").status_code == 404
    assert client.get(f"{base}comments/{comment.pk}/reply/").status_code == 404
    assert b">1</b> <span>comment<" in client.get(base).content


def test_a_draft_has_no_discussion_even_for_its_editor(client):
    draft = make_draft()
    make_comment(draft, "Zeppelin")
    client.force_login(make_staff(group="Editor"))

    response = client.get(draft.get_absolute_url())

    assert response.status_code == 200
    assert b"Zeppelin" not in response.content
    assert b'<form class="comment-form"' not in response.content


def test_a_private_post_has_no_discussion():
    assert discussion(make_post(visibility="private")).strip() == ""


def test_a_closed_discussion_says_so_and_takes_no_more():
    post = make_post(comment_policy="off")
    make_comment(post, "Said in time.")

    page = discussion(post)

    assert "Said in time." in page
    assert "Comments on this post are closed." in page
    assert "<form" not in page
    assert "/reply/" not in page


def test_everyone_gets_the_same_page(client):
    address = make_comment().post.get_absolute_url()
    anonymous = client.get(address)

    client.force_login(make_staff(group="Editor"))
    signed_in = client.get(address)

    assert anonymous.content == signed_in.content
    assert b"csrf" not in anonymous.content
    assert not anonymous.cookies
    assert not anonymous.has_header("Vary") or "Cookie" not in anonymous["Vary"]


def test_a_hundred_comments_cost_what_one_costs(client):
    post = make_post()
    parent = make_comment(post)
    few = queries_of(client, post.get_absolute_url())
    for _ in range(99):
        make_comment(post, parent=parent)
    assert queries_of(client, post.get_absolute_url()) == few
