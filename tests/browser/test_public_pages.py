"""Every kind of public page, as a browser, the HTML validator and axe see it, with the demo's content."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from blogsite import demo_content
from posts.models import Category, Post, Series, Tag

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SIZES = {"phone": {"width": 360, "height": 800}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture
def addresses(settings, tmp_path) -> list[str]:
    """One address of each kind of page, and of the pages that have most on them."""
    settings.MEDIA_ROOT = tmp_path
    demo_content.load()
    post = Post.published.listed().order_by("-word_count")[0]
    discussed = Post.published.listed().order_by("-comment_count")[0]
    reply = discussed.comments.approved().first()
    return [
        "/",
        post.get_absolute_url(),
        discussed.get_absolute_url(),
        f"{discussed.get_absolute_url()}comments/?after=2000-01-01T00:00:00Z_1",
        f"{discussed.get_absolute_url()}comments/{reply.pk}/thread/",
        f"{discussed.get_absolute_url()}comments/{reply.pk}/reply/",
        f"{discussed.get_absolute_url()}comments/{reply.pk}/report/",
        f"{discussed.get_absolute_url()}comments/{reply.pk}/received/",
        f"{discussed.get_absolute_url()}comments/write/",
        Category.objects.exclude(parent=None)[0].get_absolute_url(),
        Category.objects.exclude(children=None)[0].get_absolute_url(),
        Tag.objects.filter(items__content_object=post)[0].get_absolute_url(),
        post.author.get_absolute_url(),
        Series.objects.all()[0].get_absolute_url(),
        "/archive/",
        f"/{post.publish_at:%Y}/",
        f"/{post.publish_at:%Y/%m}/",
        "/search/",
        "/search/?q=tide",
        "/search/?q=nothing+of+the+kind",
        "/about/",
        "/no/such/page/",
    ]


@pytest.fixture
def windows(chromium: Browser, live_server) -> Iterator[dict[str, Page]]:
    """A window of each size in each scheme, by a name such as "phone dark"."""
    pages = {}
    for size, viewport in SIZES.items():
        for scheme in ("light", "dark"):
            context = chromium.new_context(base_url=live_server.url, viewport=viewport, color_scheme=scheme)
            pages[f"{size} {scheme}"] = context.new_page()
    yield pages
    for page in pages.values():
        page.context.close()


def test_pages_are_valid_html(addresses, client, tmp_path, html_errors):
    files = []
    for number, address in enumerate(addresses):
        file = tmp_path / f"{number}.html"
        file.write_bytes(client.get(address).content)
        files.append(file)
    assert html_errors(files) == []


def test_pages_are_accessible_and_fit(addresses, windows, axe_source):
    found = []
    for name, page in windows.items():
        for address in addresses:
            page.goto(address)
            page.evaluate(axe_source)
            violations = page.evaluate(
                "async () => (await axe.run()).violations.map(({id, nodes}) => [id, nodes[0].html])"
            )
            found += [(name, address, *violation) for violation in violations]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append((name, address, "wider than the window"))
    assert found == []


def test_no_page_asks_another_host_or_breaks_the_policy(addresses, page, live_server):
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text) if "404" not in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in addresses:
        page.goto(address, wait_until="networkidle")
    assert hosts == {urlsplit(live_server.url).netloc}
    assert complaints == []


def test_no_page_sets_a_cookie(addresses, page):
    for address in addresses:
        page.goto(address)
    assert page.context.cookies() == []


def test_the_toggle_is_kept_and_does_not_flash(addresses, page):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.locator(".theme-toggle").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.goto("/archive/", wait_until="commit")
    # Not wait_for_function: the policy forbids what it does, to evaluate a string within the page.
    page.locator("body").wait_for(state="attached")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark", (
        "set before the body is there to be painted"
    )
    assert page.evaluate(ground) == dark


def test_code_can_be_copied(addresses, page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(next(address for address in addresses if address.startswith("/posts/")))
    page.get_by_role("button", name="Copy").first.click()
    code = page.locator(".prose pre code").first.inner_text()
    expect(page.locator(".code button").first).not_to_have_text("Copy")
    assert page.evaluate("navigator.clipboard.readText()").strip() == code.strip()
