"""The search boxes: with a keyboard, with a pointer, and without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from posts.models import Post
from tests.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def posts(db) -> list[Post]:
    return [make_post(f"Bread of {grain}") for grain in ("rye", "wheat", "oats")]


@pytest.fixture
def box(posts, page: Page) -> Locator:
    """The field of the box in the header of the home page, open."""
    page.goto("/")
    page.get_by_title("Search").click()
    field = page.get_by_role("combobox", name="Search the posts")
    expect(field).to_be_focused()
    return field


def test_who_types_is_told_what_is_found(box, page):
    box.press_sequentially("bread")
    expect(page.get_by_role("option")).to_have_count(3)
    expect(page.locator(".search-box [role=status]")).to_have_text("3 posts found.")
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press_sequentially(" of rye")
    expect(page.get_by_role("option")).to_have_count(1)


def test_a_better_spelling_stands_below_the_question_whether_it_was_meant(box, page):
    box.press_sequentially("braed")
    told = page.locator(".search-box [role=status]")
    expect(told).to_have_text("No post has these words. Did you mean others?")
    spelling = page.get_by_role("option", name="bread")
    assert told.bounding_box()["y"] < spelling.bounding_box()["y"]
    spelling.click()
    page.wait_for_url("**/search/?q=bread")


def test_arrows_go_around_and_enter_opens_the_post(box, page):
    box.press_sequentially("bread")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    box.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.nth(0).get_attribute("id") or "none")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    box.press("ArrowUp")
    expect(page.locator("[aria-selected=true]")).to_have_count(0)
    box.press("ArrowUp")
    expect(options.nth(2)).to_have_attribute("aria-selected", "true")
    address = options.nth(2).get_attribute("data-address")
    box.press("Enter")
    page.wait_for_url(f"**{address}")


def test_enter_in_the_field_itself_searches(box, page):
    box.press_sequentially("bread")
    box.press("Enter")
    page.wait_for_url("**/search/?q=bread")


def test_a_pointer_opens_a_post(box, page, posts):
    box.press_sequentially("rye")
    page.get_by_role("option").click()
    page.wait_for_url(f"**{posts[0].get_absolute_url()}")


def test_escape_closes_the_list_then_empties_the_field_then_closes_the_box(box, page):
    box.press_sequentially("bread")
    expect(page.get_by_role("option")).to_have_count(3)
    box.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("Escape")
    expect(box).to_have_value("")
    box.press("Escape")
    expect(box).to_be_hidden()
    expect(page.get_by_title("Search")).to_be_focused()


def test_a_slip_is_mended_by_an_option(box, page):
    box.press_sequentially("braed rye")
    expect(page.get_by_role("option")).to_have_text("bread rye")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/search/?q=bread+rye")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_open_list_is_accessible(box, page, axe_source, scheme):
    page.emulate_media(color_scheme=scheme)
    box.press_sequentially("bread")
    expect(page.get_by_role("option")).to_have_count(3)
    box.press("ArrowDown")
    page.evaluate(axe_source)
    assert page.evaluate("async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes[0].html])") == []


def test_the_script_comes_when_it_is_wanted(posts, page):
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert not [address for address in fetched if "search" in address]


def test_without_script_the_box_opens_and_searches(posts, chromium: Browser, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_title("Search").click()
    page.get_by_role("searchbox", name="Search the posts").fill("rye")
    page.keyboard.press("Enter")
    expect(page.locator(".entry h2")).to_have_text("Bread of rye")
    page.get_by_text("Narrow the search").click()
    page.get_by_role("link", name=str(posts[0].publish_at.year)).click()
    expect(page.locator(".chosen li")).to_have_count(1)
    page.locator(".chosen a").click()
    expect(page.locator(".chosen li")).to_have_count(0)
    context.close()
