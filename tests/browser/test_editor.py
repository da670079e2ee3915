"""The writing screen in Chromium: typing, saving, previewing, dropping pictures; under the strict policy."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Page, expect

from posts.models import Post
from tests.factories import make_author, make_category, make_draft, make_post, make_staff
from tests.posts.desk import picture

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

ADD = "/admin/posts/post/add/"
UNSAVED = "Object.keys(localStorage).filter(key => key.startsWith('unsaved:'))"
# Drops a file as a hand would: the event carries a real one.
DROP = """([bytes, name]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name, {type: 'image/png'}));
  document.querySelector('#id_body').dispatchEvent(
    new DragEvent('drop', {dataTransfer: transfer, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def desk(page: Page, live_server, client, settings, tmp_path) -> Page:
    """A window in which Eva, an editor, is logged in; any complaint of the browser fails the test."""
    settings.MEDIA_ROOT = tmp_path
    user = make_staff("eva", group="Editor", first_name="Eva", last_name="Stern")
    make_author("Eva Stern", user=user)
    make_category("Field notes")
    client.force_login(user)
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if "Content Security" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def body(page: Page):
    return page.locator("#id_body")


def frame(page: Page):
    return page.frame_locator(".preview iframe")


def open_settings(page: Page) -> None:
    page.get_by_role("button", name="Settings").click()


def choose_category(page: Page) -> None:
    open_settings(page)
    page.locator(".field-categories .select2-selection").click()
    page.get_by_role("option", name="Field notes").click()


def test_from_an_empty_page_to_a_published_post(desk):
    desk.goto(ADD)
    desk.locator("#id_title").press_sequentially("Ünder the Łamp")
    expect(desk.locator("#id_slug")).to_have_value("under-the-lamp")
    body(desk).fill("Some *words* to read.")
    expect(frame(desk).locator("h1")).to_have_text("Ünder the Łamp")
    expect(frame(desk).locator("em")).to_have_text("words")
    expect(desk.locator("[data-words]")).to_have_text("4 words")
    choose_category(desk)
    desk.get_by_role("button", name="Publish now").click()
    expect(desk.locator(".messagelist")).to_contain_text("Published on")
    assert Post.objects.get().is_published


def test_the_button_says_that_it_will_schedule(desk):
    desk.goto(ADD)
    open_settings(desk)
    desk.locator("#id_publish_at").fill("2099-01-01T09:00")
    expect(desk.locator("[name=_publish]")).to_have_text("Schedule")
    desk.locator("#id_publish_at").fill("")
    expect(desk.locator("[name=_publish]")).to_have_text("Publish now")


def test_formatting_keeps_undo_and_the_tab_key(desk):
    desk.goto(ADD)
    body(desk).press_sequentially("word")
    body(desk).press("ControlOrMeta+a")
    body(desk).press("ControlOrMeta+b")
    expect(body(desk)).to_have_value("**word**")
    body(desk).press("ControlOrMeta+z")
    expect(body(desk)).to_have_value("word")
    desk.get_by_role("button", name="Heading").click()
    expect(body(desk)).to_have_value("## word")
    body(desk).focus()
    body(desk).press("Tab")
    assert desk.evaluate("document.activeElement.id") != "id_body"


def test_a_dropped_picture_arrives_and_asks_for_its_description(desk):
    desk.goto(ADD)
    body(desk).press_sequentially("Before")
    desk.evaluate(DROP, [list(picture().read()), "boat.png"])
    expect(body(desk)).to_have_value(re.compile(r"^Before\n\n!\[describe the picture\]\(/media/images/\S+\.png\)\n"))
    expect(frame(desk).locator("img")).to_have_attribute("width", "40")
    desk.keyboard.type("A boat")
    expect(body(desk)).to_have_value(re.compile(r"!\[A boat\]"))


def test_a_file_that_is_no_picture_is_refused_in_words_and_nothing_is_lost(desk):
    desk.goto(ADD)
    body(desk).press_sequentially("Before")
    desk.evaluate(DROP, [[1, 2, 3], "fake.png"])
    expect(desk.locator(".editor-note")).to_contain_text("fake.png did not arrive: This file is not a picture")
    expect(body(desk)).to_have_value(re.compile(r"^Before\s*$"))


def test_a_failing_preview_is_a_message_and_not_a_page_in_the_preview(desk):
    desk.goto(ADD)
    body(desk).fill("One.")
    expect(frame(desk).locator("p", has_text="One.")).to_be_visible()
    desk.route("**/preview/", lambda route: route.fulfill(status=500, body="<h1>Server Error</h1>"))
    body(desk).fill("Two.")
    expect(desk.locator(".preview-note")).to_contain_text("The preview cannot be reached.")
    expect(frame(desk).locator("p", has_text="One.")).to_be_visible()
    expect(frame(desk).locator("body")).not_to_contain_text("Server Error")


def test_ctrl_s_saves_in_the_background(desk):
    post = make_draft("Kites", body="One.")
    desk.goto(f"/admin/posts/post/{post.pk}/change/")
    body(desk).fill("Two.")
    expect(desk.locator("[data-save-state]")).to_have_text("Not saved yet")
    body(desk).press("ControlOrMeta+s")
    expect(desk.locator("[data-save-state]")).to_have_text("Saved")
    body(desk).fill("Three.")
    body(desk).press("ControlOrMeta+s")
    expect(desk.locator("[data-save-state]")).to_have_text("Saved")
    post.refresh_from_db()
    assert post.body == "Three."


def test_leaving_with_unsaved_words_is_asked_about(desk):
    desk.goto(ADD)
    body(desk).press_sequentially("Precious")
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto("/admin/")
    assert asked == ["beforeunload"]


def test_after_a_crash_the_words_are_offered_again_and_a_save_clears_them(desk):
    post = make_draft("Kites", body="One.")
    address = f"/admin/posts/post/{post.pk}/change/"
    desk.goto(address)
    body(desk).fill("Precious words.")
    # The policy forbids wait_for_function, which evaluates a string within the page.
    while not desk.evaluate(UNSAVED):
        desk.wait_for_timeout(100)
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto(address)
    expect(body(desk)).to_have_value("One.")
    desk.get_by_role("button", name="Bring it back").click()
    expect(body(desk)).to_have_value("Precious words.")
    desk.get_by_role("button", name="Save draft").click()
    expect(desk.locator(".messagelist")).to_contain_text("Saved.")
    expect(desk.locator(".recovery")).to_be_hidden()
    assert desk.evaluate(UNSAVED) == []


def test_tags_are_chips_with_suggestions(desk):
    make_post(tags=["seaweed"])
    desk.goto(ADD)
    open_settings(desk)
    entry = desk.get_by_role("combobox", name="Tags")
    entry.press_sequentially("sea")
    expect(desk.get_by_role("option", name="seaweed")).to_be_visible()
    entry.press("ArrowDown")
    entry.press("Enter")
    entry.press_sequentially("food; wet,")
    expect(desk.locator(".chips li")).to_have_count(2)
    assert desk.locator("#id_tags").input_value() == "seaweed, food; wet"
    entry.press("Backspace")
    expect(desk.locator(".chips li")).to_have_count(1)
    desk.get_by_role("button", name="Remove seaweed").click()
    expect(desk.locator(".chips li")).to_have_count(0)


def test_without_script_the_form_still_writes(chromium, desk, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies(desk.context.cookies())
    plain = context.new_page()
    plain.goto(ADD)
    plain.locator("#id_title").fill("By hand")
    plain.locator("#id_tags").fill("one, two three")
    plain.get_by_role("button", name="Save draft").click()
    context.close()
    assert {tag.name for tag in Post.objects.get().tags.all()} == {"one", "two three"}


@pytest.mark.parametrize(
    "path", ["", "posts/post/", "posts/post/?state=trash", "posts/category/add/", "posts/image/", "posts/sitesettings/"]
)
def test_no_page_of_the_desk_breaks_the_policy_or_overflows_a_phone(desk, path):
    make_post(categories=[make_category()])
    desk.set_viewport_size({"width": 390, "height": 844})
    desk.goto(f"/admin/{path}")
    desk.wait_for_load_state("networkidle")
    assert desk.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_login_page_keeps_the_policy(page):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto("/admin/login/")
    expect(page.get_by_label("Username")).to_be_visible()
    assert [text for text in complaints if "Content Security" in text] == []
