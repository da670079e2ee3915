"""A discussion on a real screen: it fits a narrow one, reads in both directions, and shows where a permalink leads."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from comments.models import Comment
from comments.threads import MAX_DEPTH
from posts.models import Post, SiteSettings
from tests.factories import make_author, make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ENDLESS = "Donaudampfschifffahrt" * 30
WORDS = [
    ENDLESS,
    f"# {ENDLESS}",
    f"> > > {ENDLESS}",
    f"- - - {ENDLESS}",
    f"`{ENDLESS}` and **{ENDLESS}**",
    f"```\n{ENDLESS}\n```",
    f"<https://example.org/{ENDLESS}>",
    "اللغة" * 100,
    "漢字" * 200,
]


@pytest.fixture
def post() -> Post:
    return make_post("On bread", slug="bread", author=make_author("Ada", user=make_staff()))


def nested(post: Post, depth: int, **fields) -> Comment:
    comment = make_comment(post, **fields)
    for _ in range(depth):
        comment = make_comment(post, parent=comment, **fields)
    return comment


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def width(page: Page, comment: Comment) -> float:
    return page.locator(f"#{comment.anchor} .prose").bounding_box()["width"]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_that_readers_write_widens_a_narrow_page(post, page, direction):
    for body in WORDS:
        nested(post, 1, body=body)
    deepest = nested(post, MAX_DEPTH + 2, author_name="W" * 80, user=post.author.user, body=ENDLESS)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/posts/bread/")
    page.evaluate(f"document.documentElement.dir = '{direction}'")
    assert overflow(page) <= 0
    assert width(page, deepest) > 220, "there is room to read, however deep"


@pytest.mark.parametrize("size", [360, 800, 1280])
def test_a_deep_conversation_leaves_room_to_read(post, page, size):
    top = make_comment(post)
    deepest = nested(post, MAX_DEPTH + 5)
    page.set_viewport_size({"width": size, "height": 740})
    page.goto("/posts/bread/")
    assert width(page, deepest) > 0.6 * width(page, top)


def test_a_permalink_leads_to_its_comment_and_marks_it(post, page):
    site = SiteSettings.load()
    site.comment_threads_per_page = 2
    site.save()
    comments = [make_comment(post, f"Number {number}.") for number in range(7)]

    page.goto(comments[5].get_absolute_url())

    expect(page).to_have_url(re.compile(rf"/posts/bread/comments/\?after=.*#comment-{comments[5].pk}$"))
    target = page.locator("article:target")
    expect(target).to_contain_text("Number 5.")
    expect(target).to_be_in_viewport()
    assert target.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"

    page.get_by_role("navigation", name="Pages of comments").get_by_role("link", name="Later comments").click()
    expect(page.locator(".comment")).to_have_count(1)
    page.get_by_role("link", name="On bread").click()
    expect(page).to_have_url(re.compile(r"/posts/bread/$"))


def test_the_picture_of_a_reader_is_drawn_on_the_page_and_alone(post, page):
    make_comment(post)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/posts/bread/")
    picture = page.locator("img.avatar")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", value=True)
    assert picture.evaluate("one => one.naturalWidth") == 64
    page.goto(picture.get_attribute("src"))
    assert page.evaluate("document.querySelectorAll('path').length") > 3
    assert complaints == []
