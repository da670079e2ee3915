"""What stands below a post, for whoever comes by."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone

from comments import own
from posts.models import CommentPolicy, Post, SiteSettings
from tests.costs import queries_of
from tests.factories import make_author, make_comment, make_draft, make_post, make_staff

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
    assert "Follow by mail" not in page, "there is nothing to wait for"


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


# --- Who speaks


def badges(page):
    return re.findall(r'<span class="badge[^"]*">(\w+)</span>', page)


def test_authors_of_the_post_are_told_from_its_readers():
    author, friend = make_author(user=make_staff()), make_author(user=make_staff())
    post = make_post(author=author)
    post.co_authors.add(friend)
    make_comment(post, author_name=author.display_name)
    make_comment(post, user=author.user)
    make_comment(post, user=friend.user)

    assert badges(discussion(post)) == ["Author", "Author"]


def test_staff_are_told_from_other_members_while_they_are_staff():
    post = make_post()
    member = make_staff(is_active=True)
    make_comment(post, user=member, author_name="Ida")

    assert badges(discussion(post)) == ["Staff"]

    member.is_staff = False
    member.save()
    assert badges(discussion(post)) == []


def test_a_login_name_is_never_shown():
    comment = make_comment(user=make_staff("ida-login"), author_name="Ida")
    assert "ida-login" not in discussion(comment.post)


def test_badges_cost_nothing_more_for_each_comment(client):
    post = make_post()
    make_comment(post, user=make_staff())
    few = queries_of(client, post.get_absolute_url())
    for _ in range(5):
        make_comment(post, user=make_author(user=make_staff()).user)
    assert queries_of(client, post.get_absolute_url()) == few


def test_a_comment_that_was_changed_says_so():
    post = make_post()
    make_comment(post)
    assert "edited" not in words(discussion(post))
    make_comment(post, edited_at=timezone.now())
    assert words(discussion(post)).count("edited") == 1


# --- Whether one may write


def test_readers_hear_until_when_they_can_write():
    site = SiteSettings.load()
    site.comment_close_days = 30
    site.save()
    post = make_post(publish_at=datetime(2026, 1, 5, 12, tzinfo=UTC))
    assert "Comments on this post are closed." in discussion(post)
    post = make_post(publish_at=timezone.now())
    assert "Comments are open until" in discussion(post)


def test_where_members_write_others_are_asked_to_sign_in():
    post = make_post(comment_policy="members")
    comment = make_comment(post)

    page = discussion(post)

    assert "Members of this site can comment here." in page
    assert f'href="/comments/sign-in/?next={post.get_absolute_url()}comments/write/"' in page
    assert "<form" not in page
    assert f"{comment.get_absolute_url()}reply/" in page


# --- What only its writer sees


@pytest.fixture
def writer(client, rf):
    """A browser that vouches for the comments that `writer.wrote()` names."""

    def wrote(*comments):
        for comment in comments:
            request = rf.get("/")
            request.COOKIES.update({name: morsel.value for name, morsel in client.cookies.items()})
            response = HttpResponse()
            own.grant(request, response, comment)
            client.cookies.update(response.cookies)
            client.cookies[own.COOKIE]["path"] = "/"

    client.wrote = wrote
    return client


@pytest.mark.parametrize("status", ["pending", "spam"])
def test_a_writer_sees_their_comment_wait_in_its_place_and_nobody_else_does(writer, status):
    post = make_post()
    parent = make_comment(post)
    waiting = [make_comment(post, status=status), make_comment(post, parent=parent, status=status)]
    writer.wrote(*waiting)

    page = writer.get(post.get_absolute_url()).content.decode()

    assert page.count("Waiting for a moderator. Only you can see this.") == 2
    assert page.index(f'id="comment-{waiting[1].pk}"') < page.index(f'id="comment-{waiting[0].pk}"')
    for comment in waiting:
        assert f'href="{comment.get_absolute_url()}edit/"' in page
        assert f'href="{comment.get_absolute_url()}reply/"' not in page
        assert writer.get(comment.get_absolute_url()).url == f"{post.get_absolute_url()}#comment-{comment.pk}"
        assert Client().get(comment.get_absolute_url()).status_code == 404
    assert b"Waiting for" not in Client().get(post.get_absolute_url()).content


def test_the_first_comment_of_all_waits_in_its_place_too(writer):
    waiting = make_comment(status="pending")
    writer.wrote(waiting)
    page = writer.get(waiting.post.get_absolute_url()).content.decode()
    assert f'id="comment-{waiting.pk}"' in page
    assert 'id="comment-count">Comments</h2>' in page, "nobody counts it yet"


def test_what_waits_is_shown_on_the_page_where_it_will_stand(writer):
    site = SiteSettings.load()
    site.comment_threads_per_page = 2
    site.save()
    post = make_post()
    for minutes in (9, 8, 7):
        make_comment(post, created_at=timezone.now() - timedelta(minutes=minutes))
    waiting = make_comment(post, status="pending")
    writer.wrote(waiting)

    assert b"Waiting for" not in writer.get(post.get_absolute_url()).content
    last = writer.get(waiting.get_absolute_url()).url
    assert "?after=" in last
    assert b"Waiting for" in writer.get(last).content


def test_what_its_writer_has_taken_back_is_gone_for_them_as_well(writer):
    post = make_post()
    comment = make_comment(post, "Zeppelin")
    make_comment(post, parent=comment)
    writer.wrote(comment)
    comment.delete()

    page = writer.get(post.get_absolute_url()).content.decode()

    assert "Zeppelin" not in page
    assert "This comment was removed." in page
    assert writer.get(comment.get_absolute_url()).status_code == 404


def test_the_cookie_shows_no_comment_of_another_post(writer):
    elsewhere = make_comment(status="pending")
    writer.wrote(elsewhere)
    post = make_post()
    assert b"Waiting for" not in writer.get(post.get_absolute_url()).content
    assert writer.get(f"{post.get_absolute_url()}comments/{elsewhere.pk}/").status_code == 404


def test_what_is_drawn_once_is_drawn_anew_when_anything_of_it_changes(client):
    post = make_post("Quiet")
    top, other = make_comment(post, "First words."), make_comment(post, "Other words.")
    address = post.get_absolute_url()
    before = client.get(address).text
    assert client.get(address).text == before

    make_comment(post, "A reply.", parent=top)
    assert "A reply." in client.get(address).text
    other.body = "Better words."
    other.save()
    assert "Better words." in client.get(address).text
    Post.objects.filter(pk=post.pk).update(comment_policy=CommentPolicy.OFF)
    assert "/reply/" in before
    assert "/reply/" not in client.get(address).text
