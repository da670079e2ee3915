"""The moderator's queue in Chromium: by keyboard, in place, and back again; under the strict policy."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from comments.models import Comment
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

QUEUE = "/admin/comments/comment/"
VIOLATIONS = "async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes[0].html])"


@pytest.fixture
def queue(page: Page, live_server, client) -> Page:
    """Ada, Ben and Cleo wait, in this order, and Mo looks at them; a breach of the policy, or an error, fails."""
    post = make_post("On bread")
    for name in ("Cleo", "Ben", "Ada"):
        make_comment(post, f"{name}’s words.", author_name=name, email=f"{name.lower()}@example.org", status="pending")
    client.force_login(make_staff("mo", group="Moderator", first_name="Mo", last_name="Reyes"))
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(QUEUE)
    yield page
    assert complaints == []


def current(page: Page):
    return page.locator("[data-card][aria-current]")


def names(page: Page) -> list[str]:
    return page.locator("[data-card] h2").all_inner_texts()


def statuses() -> dict[str, str]:
    return dict(Comment.objects.values_list("author_name", "status"))


def test_the_keys_walk_through_the_queue(queue):
    queue.keyboard.press("j")
    expect(current(queue).locator("h2")).to_have_text("Ada")
    expect(current(queue)).to_be_focused()
    queue.keyboard.press("j")
    queue.keyboard.press("j")
    queue.keyboard.press("j")
    expect(current(queue).locator("h2")).to_have_text("Cleo")
    queue.keyboard.press("k")
    expect(current(queue).locator("h2")).to_have_text("Ben")
    assert queue.locator("[data-card][tabindex='0']").count() == 1


def test_the_first_letter_only_brings_up_the_first_comment(queue):
    queue.keyboard.press("d")
    expect(current(queue).locator("h2")).to_have_text("Ada")
    assert set(statuses().values()) == {"pending"}
    queue.keyboard.press("d")
    expect(queue.locator(".messagelist")).to_contain_text("1 comment is in the trash.")


def test_the_bar_at_the_side_counts_along(queue):
    beside = queue.locator("#nav-sidebar .model-comment .waiting")
    expect(beside).to_have_text("3")
    queue.keyboard.press("j")
    queue.keyboard.press("a")
    expect(beside).to_have_text("2")


def test_a_reply_can_be_left_without_the_keyboard(queue):
    reply = queue.locator("details.reply").first
    reply.locator("summary").click()
    expect(reply.get_by_label("Your reply to Ada")).to_be_focused()
    reply.get_by_text("Cancel").click()
    expect(reply.get_by_label("Your reply to Ada")).to_be_hidden()


def test_a_verb_acts_in_place_and_the_next_comment_is_at_hand(queue):
    queue.evaluate("window.sameDocument = true")
    queue.keyboard.press("j")
    queue.keyboard.press("a")
    expect(queue.locator(".messagelist")).to_contain_text("1 comment approved.")
    expect(current(queue).locator("h2")).to_have_text("Ben")
    expect(current(queue)).to_be_focused()
    queue.keyboard.press("s")
    expect(queue.locator(".messagelist")).to_contain_text("1 comment marked as spam.")
    queue.keyboard.press("d")
    expect(queue.locator("[data-empty]")).to_be_focused()
    assert queue.evaluate("window.sameDocument")
    assert statuses() == {"Ada": "approved", "Ben": "spam"}
    expect(queue.get_by_role("status")).to_contain_text("1 comment is in the trash.")


def test_u_takes_back_and_returns_to_the_comment(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("j")
    queue.keyboard.press("s")
    expect(queue.locator(".messagelist")).to_contain_text("marked as spam")
    queue.keyboard.press("u")
    expect(queue.locator(".messagelist")).to_contain_text("1 comment is as it was before.")
    expect(current(queue).locator("h2")).to_have_text("Ben")
    assert statuses() == dict.fromkeys(("Ada", "Ben", "Cleo"), "pending")


def test_a_reply_in_place(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("r")
    expect(queue.locator("[data-card][aria-current] textarea")).to_be_focused()
    queue.keyboard.type("ask jus")
    assert statuses()["Ada"] == "pending"
    queue.get_by_role("button", name="Approve, and publish the reply").click()
    expect(queue.locator(".messagelist")).to_contain_text("Your reply is published, and the comment approved.")
    expect(current(queue).locator("h2")).to_have_text("Ben")
    reply = Comment.objects.get(author_name="Mo Reyes")
    assert (reply.body, reply.parent.author_name, reply.status) == ("ask jus", "Ada", "approved")


def test_escape_leaves_the_reply_and_words_outlive_a_verb_elsewhere(queue):
    queue.keyboard.press("j")
    queue.keyboard.press("r")
    queue.keyboard.type("Half a thought")
    queue.keyboard.press("Escape")
    expect(current(queue)).to_be_focused()
    queue.keyboard.press("j")
    queue.keyboard.press("x")
    queue.keyboard.press("j")
    queue.keyboard.press("d")
    expect(queue.locator(".messagelist")).to_contain_text("in the trash")
    assert names(queue) == ["Ada", "Ben"]
    expect(queue.locator("textarea").first).to_have_value("Half a thought")
    expect(queue.get_by_label("Tick the comment by Ben")).to_be_checked()


def test_many_are_ticked_and_done_at_once(queue):
    bulk = queue.get_by_role("group", name="With all that are ticked")
    expect(bulk.get_by_role("button", name="Spam")).to_be_hidden()
    queue.get_by_label("Tick all").check()
    bulk.get_by_role("button", name="Spam").click()
    expect(queue.locator(".messagelist")).to_contain_text("3 comments marked as spam.")
    queue.get_by_role("button", name="Undo").click()
    expect(queue.locator(".messagelist")).to_contain_text("3 comments are as they were before.")
    assert set(statuses().values()) == {"pending"}


def test_letters_in_a_field_are_letters(queue):
    queue.get_by_role("searchbox").press_sequentially("adsj")
    assert set(statuses().values()) == {"pending"}
    expect(queue.get_by_role("searchbox")).to_have_value("adsj")


def test_the_keys_are_explained_and_can_be_switched_off(queue):
    queue.keyboard.press("?")
    dialog = queue.get_by_role("dialog", name="Keyboard")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Single letters act").uncheck()
    queue.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    queue.reload()
    queue.keyboard.press("j")
    queue.keyboard.press("a")
    expect(current(queue)).to_have_count(0)
    assert set(statuses().values()) == {"pending"}
    queue.get_by_role("button", name="Keyboard").click()
    dialog.get_by_label("Single letters act").check()
    dialog.get_by_role("button", name="Close").click()
    queue.keyboard.press("j")
    expect(current(queue).locator("h2")).to_have_text("Ada")


def test_enter_on_a_tick_does_nothing(queue):
    queue.get_by_label("Tick the comment by Ada").check()
    queue.get_by_label("Tick the comment by Ada").press("Enter")
    queue.wait_for_timeout(200)
    assert set(statuses().values()) == {"pending"}


def test_a_refusal_of_the_server_is_shown(queue):
    """Rights that were taken away meanwhile: the browser shows the page that says so."""
    get_user_model().objects.get().groups.clear()
    queue.keyboard.press("j")
    with queue.expect_navigation():
        queue.keyboard.press("a")
    expect(queue.locator("body")).to_contain_text("403")
    assert set(statuses().values()) == {"pending"}


def test_everything_works_without_script(chromium, live_server, queue):
    context = chromium.new_context(java_script_enabled=False, storage_state=queue.context.storage_state())
    page = context.new_page()
    page.goto(f"{live_server.url}{QUEUE}")
    page.get_by_role("button", name="Approve", exact=True).first.click()
    expect(page.locator(".messagelist")).to_contain_text("1 comment approved.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".messagelist")).to_contain_text("1 comment is as it was before.")
    page.locator("summary", has_text="Reply").first.click()
    page.locator("details[open] textarea").fill("Thank you.")
    page.get_by_role("button", name="Approve, and publish the reply").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Your reply is published, and the comment approved.")
    page.get_by_label("Tick the comment by Ben").check()
    page.get_by_role("group", name="With all that are ticked").get_by_role("button", name="Trash").click()
    expect(page.locator(".messagelist")).to_contain_text("1 comment is in the trash.")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_desk_is_accessible_and_fits(queue, axe_source, scheme, width):
    queue.set_viewport_size({"width": width, "height": 900})
    queue.emulate_media(color_scheme=scheme)
    pk = Comment.objects.first().pk
    pages = ["", "?show=all&email=ada@example.org", "privacy/", f"{pk}/ban/", f"{pk}/reply/", f"{pk}/change/"]
    for address in [*(QUEUE + page for page in pages), "/admin/comments/ban/", "/admin/comments/notice/"]:
        queue.goto(address)
        if address == QUEUE:
            queue.locator("summary", has_text="Reply").first.click()
            queue.get_by_label("Tick the comment by Ben").check()
        queue.evaluate(axe_source)
        assert queue.evaluate(VIOLATIONS) == [], address
        assert queue.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
