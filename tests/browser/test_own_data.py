"""A commenter takes along and erases what is theirs: in a browser, without script, by keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from comments import privacy
from comments.models import Ban, Comment, Notice
from tests.factories import make_comment, make_post

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

GRACE = "grace@example.org"


@pytest.fixture
def remark(live_server) -> Comment:
    remark = make_comment(make_post("Bread"), author_name="Grace", email=GRACE)
    make_comment(remark.post, "I agree.", parent=remark)
    Ban.objects.create(kind="email", value=GRACE)
    return remark


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def window(request, chromium: Browser, live_server) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": 360, "height": 800}, java_script_enabled=request.param
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def link_to_own_data(page: Page) -> str:
    page.goto("/comments/my-data/")
    page.get_by_label("Your e-mail address").fill(GRACE)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Check your mail").wait_for()
    return Notice.objects.filter(kind="own_data").latest("pk").path


def test_from_the_post_to_nothing_left(remark, window):
    window.goto(remark.post.get_absolute_url())
    window.get_by_role("link", name="Your data").click()
    path = link_to_own_data(window)
    window.goto(path)
    window.get_by_text("1 comment, whether").wait_for()
    with window.expect_download() as download:
        window.get_by_role("link", name="Download all of it").click()
    assert json.loads(Path(download.value.path()).read_text())["comments"][0]["body"] == remark.body
    window.get_by_role("checkbox").focus()
    window.keyboard.press("Space")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    window.get_by_role("heading", name="All of it is erased").wait_for()
    assert privacy.comments_of(GRACE).count() == 0
    window.goto(remark.post.get_absolute_url())
    assert "This comment was removed" in window.locator("#comments").inner_text()
    assert not window.context.cookies()


def test_the_pages_are_valid_and_accessible(remark, page, client, axe_source, html_errors, tmp_path):
    client.post("/comments/my-data/", {"email": GRACE})
    path = Notice.objects.get().path
    answers = {
        "ask": client.get("/comments/my-data/"),
        "wrong": client.post("/comments/my-data/", {"email": "grace"}),
        "own": client.get(path),
        "unsure": client.post(f"{path}erase/"),
    }
    for name, answer in answers.items():
        (tmp_path / f"{name}.html").write_bytes(answer.content)
    assert html_errors([tmp_path / f"{name}.html" for name in answers]) == []
    for address in ("/comments/my-data/", path):
        page.goto(address)
        page.evaluate(axe_source)
        assert page.evaluate("async () => (await axe.run()).violations.map(({id}) => id)") == []
