"""Writing below a post in a real browser: in place with script, page by page without, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from comments.models import Comment, Report
from posts.models import SiteSettings
from tests.factories import make_comment, make_post, make_staff

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WAITS = "Waiting for a moderator. Only you can see this."


@pytest.fixture
def remark() -> Comment:
    return make_comment(make_post("On bread", slug="bread"), "Is *rye* better?", author_name="Grace")


@pytest.fixture
def bare(chromium: Browser, live_server) -> Iterator[Page]:
    """A window without script."""
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def fill_in(form, body="I see it *differently*.", name="Ada"):
    form.get_by_label("Your comment").fill(body)
    form.get_by_label("Your name").fill(name)


def below_the_post(page):
    return page.locator("#comment-form")


def stay(page):
    """Leave a mark that the next page load would wipe off."""
    page.evaluate("window.sameDocument = true")


def has_stayed(page):
    return page.evaluate("window.sameDocument === true")


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_a_comment_is_sent_in_place_and_gets_the_focus(remark, page):
    page.goto("/posts/bread/")
    stay(page)
    form = below_the_post(page)
    fill_in(form)
    form.get_by_role("button", name="Send comment").click()

    expect(page.get_by_text(WAITS)).to_be_visible()
    comment = Comment.objects.get(author_name="Ada")
    assert has_stayed(page)
    assert focused(page) == f"comment-{comment.pk}"
    assert comment.status == "pending"
    assert form.get_by_label("Your comment").input_value() == ""
    assert form.get_by_label("Your name").input_value() == "Ada", "nobody wants to say that twice"


def test_a_double_click_sends_once(remark, page):
    page.goto("/posts/bread/")
    fill_in(below_the_post(page))
    below_the_post(page).get_by_role("button", name="Send comment").dblclick()
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert Comment.objects.filter(author_name="Ada").count() == 1


def test_a_reply_opens_where_the_comment_stands(remark, page):
    page.goto("/posts/bread/")
    stay(page)
    fill_in(below_the_post(page), body="Not finished yet", name="Ada")
    page.get_by_role("link", name="Reply to Grace").click()
    form = page.get_by_role("form", name="Reply to Grace")
    expect(form.get_by_label("Your comment")).to_be_focused()
    assert form.get_by_label("Your name").input_value() == "Ada"
    form.get_by_label("Your comment").fill("Rye it is.")
    form.get_by_role("button", name="Send reply").click()

    expect(page.get_by_text(WAITS)).to_be_visible()
    assert has_stayed(page)
    assert Comment.objects.get(body="Rye it is.").parent == remark
    assert below_the_post(page).get_by_label("Your comment").input_value() == "Not finished yet"


def test_a_reply_is_given_up_by_the_button_and_the_link_gets_the_focus_back(remark, page):
    page.goto("/posts/bread/")
    page.get_by_role("link", name="Reply to Grace").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".in-place")).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "reply"


def test_a_preview_is_shown_in_place(remark, page):
    page.goto("/posts/bread/")
    stay(page)
    form = below_the_post(page)
    form.get_by_label("Your comment").fill("Some **strong** words")
    form.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("strong")).to_have_text("strong")
    expect(preview).to_be_focused()
    assert form.get_by_label("Your comment").input_value() == "Some **strong** words"
    form.get_by_label("Your comment").fill("Other words")
    form.get_by_role("button", name="Preview").click()
    expect(preview).to_contain_text("Other words")
    assert has_stayed(page)
    assert Comment.objects.count() == 1


def test_an_error_is_announced_and_leads_to_its_field(remark, page):
    page.goto("/posts/bread/")
    form = below_the_post(page)
    form.get_by_label("Your comment").fill("No name yet")
    form.get_by_role("button", name="Send comment").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    name = form.get_by_label("Your name")
    expect(name).to_be_focused()
    expect(name).to_have_attribute("aria-invalid", "true")
    expect(name).to_have_accessible_description("Enter your name, or whatever you like to be called.")
    assert form.get_by_label("Your comment").input_value() == "No name yet"


def test_a_lost_network_keeps_the_text(remark, page):
    page.goto("/posts/bread/")
    form = below_the_post(page)
    fill_in(form)
    page.context.set_offline(True)
    form.get_by_role("button", name="Send comment").click()
    expect(form.get_by_role("status")).to_contain_text("Your text is kept")
    assert form.get_by_label("Your comment").input_value() == "I see it *differently*."
    page.context.set_offline(False)
    form.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text(WAITS)).to_be_visible()


def test_what_was_not_sent_is_there_again_until_it_is(remark, page):
    page.goto("/posts/bread/")
    form = below_the_post(page)
    fill_in(form)
    page.goto("/")
    page.goto("/posts/bread/")
    expect(form.get_by_label("Your comment")).to_have_value("I see it *differently*.")
    expect(form.get_by_role("status")).to_have_text("Here is what you had not sent yet.")
    form.get_by_label("Your name").fill("Ada")
    form.get_by_role("button", name="Send comment").click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert page.evaluate("localStorage.length") == 0


def test_one_s_own_comment_is_changed_in_place_and_taken_back(remark, page):
    page.goto("/posts/bread/")
    fill_in(below_the_post(page))
    below_the_post(page).get_by_role("button", name="Send comment").click()
    stay(page)
    page.get_by_role("link", name="Edit").click()
    form = page.get_by_role("form", name="Edit")
    expect(form.get_by_label("Your comment")).to_be_focused()
    form.get_by_label("Your comment").fill("I see it *the same way*.")
    form.get_by_role("button", name="Save the change").click()
    expect(page.locator(".is-waiting em")).to_have_text("the same way")
    comment = Comment.objects.get(author_name="Ada")
    assert has_stayed(page)
    assert focused(page) == f"comment-{comment.pk}"
    assert comment.edited_at

    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text(WAITS)).to_have_count(0)
    assert not Comment.objects.filter(author_name="Ada").exists()


def test_nobody_else_sees_what_waits(remark, page, chromium, live_server):
    page.goto("/posts/bread/")
    fill_in(below_the_post(page))
    below_the_post(page).get_by_role("button", name="Send comment").click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.reload()
    expect(page.get_by_text(WAITS)).to_be_visible()
    other = chromium.new_context(base_url=live_server.url)
    stranger = other.new_page()
    stranger.goto("/posts/bread/")
    assert "differently" not in stranger.content()
    other.close()


def test_the_seconds_are_counted_where_everyone_gets_the_same_page(remark, page):
    page.goto("/posts/bread/")
    fill_in(below_the_post(page))
    below_the_post(page).get_by_role("button", name="Send comment").click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert "too_fast" in [reason["code"] for reason in Comment.objects.get(author_name="Ada").reasons]


def test_a_member_confirms_in_place(remark, page, client):
    client.force_login(make_staff("ada1815", first_name="Ada", last_name="Lovelace"))
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "domain": "localhost", "path": "/"}]
    )
    page.goto("/posts/bread/")
    stay(page)
    form = below_the_post(page)
    fill_in(form)
    form.get_by_role("button", name="Send comment").click()
    expect(page.get_by_role("alert")).to_contain_text("Send it once more")
    expect(form).to_contain_text("Signed in as Ada Lovelace.")
    form.get_by_role("button", name="Send comment").click()
    expect(page.locator(".comment").filter(has_text="Ada Lovelace")).to_be_visible()
    assert has_stayed(page)


def test_members_sign_in_on_the_way_and_find_their_text_again(remark, page):
    make_staff("ada1815", first_name="Ada")
    page.goto("/posts/bread/comments/write/")
    page.get_by_label("Your comment").fill("An hour's work.")
    page.get_by_label("Your name").fill("Ada")
    SiteSettings(comment_policy="members").save()
    page.get_by_role("button", name="Send comment").click()
    page.get_by_label("Username").fill("ada1815")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Your comment")).to_have_value("An hour's work.")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator(".comment").filter(has_text="An hour's work.")).to_be_visible()


def test_by_keyboard_alone(remark, page):
    page.goto("/posts/bread/")
    page.get_by_role("link", name="Reply to Grace").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".in-place textarea")).to_be_focused()
    page.keyboard.type("By hand.")
    page.keyboard.press("Tab")
    page.keyboard.type("Ada")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send reply")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text(WAITS)).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.comment').className") == "comment is-waiting"


def test_forms_are_accessible_however_they_stand(remark, page, axe_source):
    def violations():
        page.evaluate(axe_source)
        return page.evaluate("async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes[0].html])")

    page.goto("/posts/bread/")
    page.get_by_role("link", name="Reply to Grace").click()
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("alert")).to_be_visible()
    below_the_post(page).get_by_label("Your comment").fill("A *preview*")
    below_the_post(page).get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview")).to_be_visible()
    assert violations() == []
    fill_in(below_the_post(page))
    below_the_post(page).get_by_role("button", name="Send comment").click()
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("form", name="Edit")).to_be_visible()
    assert violations() == []
    for address in ("/posts/bread/comments/write/", f"/posts/bread/comments/{remark.pk}/report/", "/comments/sign-in/"):
        page.goto(address)
        assert violations() == [], address


def test_pages_for_one_reader_are_valid_html(remark, client, tmp_path, html_errors):
    base = "/posts/bread/comments/"
    client.post(f"{base}write/", {"body": "Mine", "author_name": "Ada"})
    mine = Comment.objects.get(author_name="Ada").pk
    answers = {
        "errors": client.post(f"{base}{remark.pk}/reply/", {"email": "x"}),
        "preview": client.post(f"{base}write/", {"body": "Some *words*", "preview": "1"}),
        "edit": client.post(f"{base}{mine}/edit/", {"body": ""}),
        "delete": client.get(f"{base}{mine}/delete/"),
        "waiting": client.get("/posts/bread/"),
        "reported": client.post(f"{base}{remark.pk}/report/"),
        "sign_in": client.post("/comments/sign-in/", {"username": "x", "body": "Some words"}),
        "too_large": client.post(f"{base}write/", {"body": "x" * 200_000}),
    }
    files = [tmp_path / f"{name}.html" for name in answers]
    for file, response in zip(files, answers.values(), strict=True):
        file.write_bytes(response.content)
    assert html_errors(files) == []


# --- Without script --------------------------------------------------------------------------------------------------


def test_without_script_everything_is_a_page(remark, bare):
    bare.goto("/posts/bread/")
    bare.get_by_role("link", name="Reply to Grace").click()
    bare.get_by_label("Your comment").fill("Rye *it is*.")
    bare.get_by_role("button", name="Preview").click()
    expect(bare.get_by_role("region", name="Preview").locator("em")).to_have_text("it is")
    bare.get_by_role("button", name="Send reply").click()
    expect(bare.get_by_role("alert")).to_contain_text("Enter your name")
    bare.get_by_label("Your name").fill("Ada")
    bare.get_by_role("button", name="Send reply").click()
    expect(bare.get_by_text(WAITS)).to_be_visible()
    comment = Comment.objects.get(author_name="Ada")
    assert bare.url.endswith(f"/posts/bread/#comment-{comment.pk}")

    bare.get_by_role("link", name="Edit").click()
    bare.get_by_label("Your comment").fill("Rye *after all*.")
    bare.get_by_role("button", name="Save the change").click()
    expect(bare.locator(".is-waiting em")).to_have_text("after all")

    bare.get_by_role("link", name="Report the comment of Grace").click()
    bare.get_by_role("button", name="Report").click()
    expect(bare.get_by_text("Your report has arrived.")).to_be_visible()
    assert Report.objects.get().comment == remark


def test_reload_and_the_back_button_send_nothing_again(remark, bare):
    bare.goto("/posts/bread/comments/write/")
    fill_in(bare)
    bare.get_by_role("button", name="Send comment").click()
    bare.reload()
    bare.go_back()
    bare.get_by_role("button", name="Send comment").click()
    assert Comment.objects.filter(author_name="Ada").count() <= 1
    expect(bare.locator("main")).to_be_visible()
    assert Comment.objects.filter(author_name="Ada").count() == 1
