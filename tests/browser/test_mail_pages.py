"""The pages that links in mails open, and the order of mail, in a browser."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import Page

from comments.mail import notifications, postman
from comments.models import Comment, Subscription
from tests.factories import make_comment, make_post, make_staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def look(page: Page, axe_source):
    """Looks at the page that is open, on a phone: what is wrong with it."""
    page.set_viewport_size({"width": 360, "height": 800})

    def look() -> list:
        page.evaluate(axe_source)
        found = page.evaluate("async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes[0].html])")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append("wider than the window")
        return found

    return look


def link(pattern: str) -> str:
    """The first address in the last mail that matches, without its host."""
    postman.deliver()
    return re.search(rf"https?://[^/\s]+(/\S*{pattern}\S*)", mail.outbox[-1].body)[1]


def test_a_reader_follows_a_conversation_and_leaves_it(page, look):
    post = make_post("Bread")
    page.goto(post.get_absolute_url())
    page.get_by_role("link", name="Follow by mail").click()
    assert look() == []

    page.get_by_label("Your e-mail address").fill("fan@example.org")
    page.get_by_role("button", name="Follow by mail").click()
    assert page.locator("h1").inner_text() == "Check your mail"
    assert look() == []

    page.goto(link("/confirm/"))
    assert look() == []
    page.get_by_role("button", name="Yes, send me mail").click()
    assert page.locator("h1").inner_text() == "You will get mail"
    assert look() == []

    notifications.published([make_comment(post)])
    page.goto(link("/unsubscribe/"))
    assert look() == []
    page.get_by_role("button", name="Unsubscribe").click()
    assert page.locator("h1").inner_text() == "You get no more mail"
    assert look() == []
    assert not Subscription.objects.exists()


def test_a_wrong_address_is_tied_to_its_field(page, look):
    page.goto(reverse("comments:subscribe", args=[make_post().slug]))
    page.get_by_label("Your e-mail address").fill("fan@example")
    page.get_by_role("button", name="Follow by mail").click()

    field = page.get_by_label("Your e-mail address")
    assert field.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{field.get_attribute('aria-describedby')}").inner_text().startswith("Enter an e-mail")
    assert look() == []


def test_a_moderator_decides_from_the_mail_without_signing_in(page, look):
    make_staff("mo", group="Moderator", email="mo@example.org")
    comment = make_comment(body="word" * 100, status=Comment.Status.PENDING)
    notifications.held([comment])

    page.goto(link("comments/moderate/"))
    assert look() == []
    page.get_by_role("button", name="Approve").click()

    assert page.locator("h1").inner_text() == "1 comment approved."
    assert look() == []
    comment.refresh_from_db()
    assert comment.is_public
    assert page.context.cookies() == []
