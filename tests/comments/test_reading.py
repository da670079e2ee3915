"""Long discussions: their pages, and the way to each comment in them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from comments import discussion, pages
from comments.models import Comment
from posts.models import Post, SiteSettings
from tests.costs import queries_of
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db

START = timezone.now() - timedelta(days=2)


@pytest.fixture(autouse=True)
def site() -> SiteSettings:
    site = SiteSettings.load()
    site.comment_threads_per_page = 3
    site.save()
    return site


@pytest.fixture
def post() -> Post:
    return make_post("On bread", publish_at=START)


def fill(post: Post, number: int, **fields) -> list[Comment]:
    """So many comments, a minute after one another, three of them at the same moment."""
    before = Comment.all_objects.filter(post=post).count()
    comments = [
        Comment(
            post=post,
            author_name=f"Reader {before + index}",
            body="Hm.",
            status="approved",
            created_at=START + timedelta(minutes=before + index - index % 3),
            **fields,
        )
        for index in range(number)
    ]
    return Comment.objects.bulk_create(comments)


def shown(page) -> list[int]:
    return [int(pk) for pk in re.findall(r'<\w+ class="comment[^"]*" id="comment-(\d+)"', page.content.decode())]


def link(page, rel: str) -> str:
    match = re.search(rf'rel="{rel}" href="([^"]+)"', page.content.decode())
    return match[1].replace("&amp;", "&") if match else ""


def walk(client, address: str, rel: str = "next") -> list[list[int]]:
    """What each page shows, from one on in one direction."""
    found = []
    while address:
        page = client.get(address)
        assert page.status_code == 200, address
        found.append(shown(page))
        address = link(page, rel)
    return found


def ids(comments) -> list[int]:
    return [comment.pk for comment in comments]


def test_pages_show_every_conversation_once_and_oldest_first(client, post):
    comments = ids(fill(post, 8))
    assert walk(client, post.get_absolute_url()) == [comments[:3], comments[3:6], comments[6:]]


def test_the_way_back_leads_over_the_same_pages(client, post):
    comments = ids(fill(post, 8))
    last = discussion.address_of(Comment.objects.get(pk=comments[-1]), SiteSettings.load())
    assert walk(client, last, "prev") == [comments[6:], comments[3:6], comments[:3]]


def test_newest_conversations_first_if_the_site_says_so(client, post, site):
    site.comments_newest_first = True
    site.save()
    tops = fill(post, 4)
    first, second = (make_comment(post, parent=tops[3], created_at=START + timedelta(days=1)) for _ in range(2))

    forwards = walk(client, post.get_absolute_url())

    assert forwards == [[tops[3].pk, first.pk, second.pk, tops[2].pk, tops[1].pk], [tops[0].pk]]
    assert walk(client, discussion.address_of(tops[0], site), "prev") == forwards[::-1]


def test_a_page_stays_as_it_is_when_more_is_written(client, post):
    fill(post, 7)
    second = link(client.get(post.get_absolute_url()), "next")
    before = shown(client.get(second))
    fill(post, 1)
    assert shown(client.get(second)) == before


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_permalink_leads_to_the_page_that_shows_the_comment(client, post, site, newest_first):
    site.comments_newest_first = newest_first
    site.save()
    tops = fill(post, 10)
    replies = [make_comment(post, parent=tops[index]) for index in (0, 5, 9)]

    for comment in [*tops, *replies]:
        response = client.get(comment.get_absolute_url())
        assert response.status_code == 302
        address, _, fragment = response.url.partition("#")
        assert fragment == f"comment-{comment.pk}"
        assert comment.pk in shown(client.get(address))


def test_a_comment_on_the_first_page_is_found_below_the_post(client, post):
    comment = fill(post, 5)[0]
    assert client.get(comment.get_absolute_url()).url == f"{post.get_absolute_url()}#comment-{comment.pk}"


def test_the_address_of_all_comments_leads_to_the_first_of_them(client, post):
    assert client.get(f"{post.get_absolute_url()}comments/").url == f"{post.get_absolute_url()}#comments"


def test_a_further_page_is_for_readers_and_not_for_search_engines(client, post):
    fill(post, 4)
    page = client.get(link(client.get(post.get_absolute_url()), "next")).content.decode()
    assert '<meta name="robots" content="noindex, follow">' in page
    assert f'<a href="{post.get_absolute_url()}">On bread</a>' in page
    assert "<title>Comments on “On bread”" in page


@pytest.mark.parametrize("query", ["garbage", "", "2026-01-01T00:00:00Z_01", "9999-12-31T23:59:59Z_1"])
def test_a_page_that_is_not_there_is_missing(client, post, query):
    fill(post, 4)
    assert client.get(f"{post.get_absolute_url()}comments/?after={query}").status_code == 404


# --- Conversations that are long themselves


@pytest.fixture
def short(monkeypatch) -> None:
    """As if a hundred replies were four, and two hundred seven."""
    monkeypatch.setattr(pages, "MAX_REPLIES", 4)
    monkeypatch.setattr(pages, "MAX_REPLIES_TOGETHER", 7)


@pytest.mark.usefixtures("short")
def test_a_long_conversation_begins_below_the_post_and_goes_on_alone(client, post):
    top = fill(post, 1)[0]
    replies = ids(fill(post, 10, parent=top))

    page = client.get(post.get_absolute_url())

    assert shown(page) == [top.pk, *replies[:4]]
    assert "Show all 10 replies" in page.content.decode()
    thread = f"{top.get_absolute_url()}thread/"
    assert f'href="{thread}"' in page.content.decode()
    pages = walk(client, thread)
    assert pages == [[top.pk, *replies[:4]], [top.pk, *replies[4:8]], [top.pk, *replies[8:]]]


@pytest.mark.usefixtures("short")
def test_every_conversation_of_a_page_has_its_share_of_it(client, post):
    tops = fill(post, 3)
    for top in tops:
        fill(post, 4, parent=top)
    last = make_comment(post, parent=tops[0])

    assert len(shown(client.get(post.get_absolute_url()))) == 3 + 7
    numbers = re.findall(r"Show all (\d) replies", client.get(post.get_absolute_url()).content.decode())
    assert numbers == ["5", "4", "4"]
    assert client.get(last.get_absolute_url()).url.startswith(f"{tops[0].get_absolute_url()}thread/?after=")


@pytest.mark.usefixtures("short")
def test_a_permalink_finds_its_page_of_a_long_conversation(client, post):
    top = fill(post, 1)[0]
    for reply in fill(post, 11, parent=top):
        address, _, fragment = client.get(reply.get_absolute_url()).url.partition("#")
        assert fragment == f"comment-{reply.pk}"
        assert reply.pk in shown(client.get(address))


def test_a_reply_has_no_page_of_replies(client, post):
    reply = make_comment(post, parent=fill(post, 1)[0])
    assert client.get(f"{reply.get_absolute_url()}thread/").status_code == 404


# --- What is not for everyone

HIDDEN = [{"status": "pending"}, {"status": "spam"}, {"deleted_at": timezone.now()}]


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_permalink_of_what_is_not_public_is_as_missing_as_one_that_never_was(client, post, kind):
    parent = make_comment(post, **kind)
    make_comment(post, parent=parent)
    hidden = client.get(parent.get_absolute_url())
    never = client.get(f"{post.get_absolute_url()}comments/999999/")
    assert hidden.status_code == never.status_code == 404
    assert hidden.content == never.content.replace(b"/999999/", f"/{parent.pk}/".encode())


@pytest.mark.parametrize("fields", [{"visibility": "private"}, {"status": "draft"}, {"deleted_at": timezone.now()}])
def test_the_comments_of_a_hidden_post_have_no_page(client, post, fields):
    top = make_comment(post)
    reply = make_comment(post, parent=top)
    Post.all_objects.filter(pk=post.pk).update(**fields)
    for address in [top.get_absolute_url(), reply.get_absolute_url(), f"{top.get_absolute_url()}thread/"]:
        assert client.get(address).status_code == 404
    assert client.get(f"{post.get_absolute_url()}comments/").status_code == 404


@pytest.mark.parametrize("page", ["", "thread/", "reply/", "received/", "edit/", "delete/", "report/"])
def test_what_is_too_large_for_an_id_is_missing(client, post, page):
    for number in (2**63 - 1, 2**63, 10**30):
        assert client.get(f"{post.get_absolute_url()}comments/{number}/{page}").status_code == 404


def test_a_comment_is_found_below_its_own_post_alone(client, post):
    other = make_comment()
    for address in [f"comments/{other.pk}/", f"comments/{other.pk}/thread/"]:
        assert client.get(f"{post.get_absolute_url()}{address}").status_code == 404


@pytest.mark.parametrize("kind", HIDDEN)
def test_where_a_removed_comment_was_its_replies_keep_their_place(client, post, kind):
    parent = make_comment(post, "Zeppelin", author_name="Zeppelin", website="https://zeppelin.example", **kind)
    reply = make_comment(post, "I disagree.", parent=parent)

    page = client.get(post.get_absolute_url()).content.decode()

    assert "This comment was removed." in page
    assert "zeppelin" not in page.lower()
    assert f"/comments/{parent.pk}/" not in page
    assert shown(client.get(post.get_absolute_url())) == [parent.pk, reply.pk]
    assert "I disagree." in client.get(f"{post.get_absolute_url()}comments/{parent.pk}/thread/").content.decode()


@pytest.mark.parametrize("kind", HIDDEN)
def test_nothing_is_left_of_a_conversation_without_public_comments(client, post, kind):
    parent = make_comment(post, **kind)
    make_comment(post, parent=parent, status="pending")
    assert shown(client.get(post.get_absolute_url())) == []
    assert client.get(f"{post.get_absolute_url()}comments/{parent.pk}/thread/").status_code == 404


# --- What it costs


def cost(client, post) -> dict[str, int]:
    last = Comment.objects.filter(post=post, parent=None).latest("created_at", "pk")
    target = client.get(last.get_absolute_url()).url
    found = {"post": queries_of(client, post.get_absolute_url()), "last page": queries_of(client, target)}
    thread = Comment.objects.filter(post=post, parent=None).earliest("created_at", "pk")
    return found | {"conversation": queries_of(client, f"{thread.get_absolute_url()}thread/")}


def test_two_hundred_comments_cost_what_five_cost(client, post):
    for top in fill(post, 5):
        fill(post, 1, parent=top)
    few = cost(client, post)

    for top in fill(post, 50):
        fill(post, 3, parent=top)

    assert cost(client, post) == few


def test_a_post_without_comments_asks_for_none(client, post):
    alone = queries_of(client, post.get_absolute_url())
    fill(post, 2)
    assert queries_of(client, post.get_absolute_url()) == alone + 1


def test_a_deep_permalink_costs_what_the_first_one_costs(client, post, django_assert_max_num_queries):
    fill(post, 40)
    for comment in (Comment.objects.earliest("created_at", "pk"), Comment.objects.latest("created_at", "pk")):
        with django_assert_max_num_queries(8):
            client.get(comment.get_absolute_url())


def test_a_reply_to_what_an_earlier_page_has_leads_there(client, post, monkeypatch):
    monkeypatch.setattr(pages, "MAX_REPLIES", 2)
    [top] = fill(post, 1)
    first, *_others = fill(post, 3, parent=top)
    [answer] = fill(post, 1, parent=first)

    page = client.get(answer.get_absolute_url(), follow=True)

    assert answer.pk in shown(page)
    assert first.pk not in shown(page)
    link_to_it = f'in reply to <a href="{first.get_absolute_url()}"><bdi>{first.author_name}</bdi></a>'
    assert link_to_it in page.content.decode()
