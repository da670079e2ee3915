"""Every kind of public page, as a browser, the HTML validator and axe see it, with the demo's content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from blogsite import demo_content
from posts.models import Author, Category, Post, Series, SiteSettings, Tag
from tests.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SIZES = {"phone": {"width": 360, "height": 800}, "desktop": {"width": 1280, "height": 900}}
FAULTS = "async (options) => (await axe.run(options)).violations.map(({id, nodes}) => [id, nodes[0].html])"
IS_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def demo(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    demo_content.load()


@pytest.fixture
def addresses(demo, client: Client) -> list[str]:
    """One address of each kind of page, and of the pages that have most on them."""
    longest = Post.published.listed().order_by("-word_count")[0]
    return [*lists(longest, client), *texts(longest), *searches(), "/feeds/", "/about/"]


def lists(post: Post, client: Client) -> list[str]:
    SiteSettings.objects.update(posts_per_page=5)
    tags = [tag.slug for tag in Tag.objects.filter(items__content_object=post).order_by("slug")[:2]]
    return [
        "/",
        f"/?before={client.get('/').context['page'].older}",
        Category.objects.exclude(parent=None)[0].get_absolute_url(),
        Category.objects.exclude(children=None)[0].get_absolute_url(),
        "/tags/",
        f"/tag/{tags[0]}/",
        f"/tag/{'+'.join(tags)}/",
        "/authors/",
        post.author.get_absolute_url(),
        Series.objects.all()[0].get_absolute_url(),
        "/archive/",
        f"/{post.publish_at:%Y}/",
        f"/{post.publish_at:%Y/%m}/",
    ]


def texts(post: Post) -> list[str]:
    """The longest post, a part of a series, and the most discussed one with what is below it."""
    discussed = Post.published.listed().order_by("-comment_count")[0]
    address, reply = discussed.get_absolute_url(), discussed.comments.approved().first()
    return [
        post.get_absolute_url(),
        Post.published.listed().exclude(series=None)[0].get_absolute_url(),
        address,
        f"{address}comments/?after=2000-01-01T00:00:00Z_1",
        *(f"{address}comments/{reply.pk}/{what}/" for what in ("thread", "reply", "report", "received")),
        f"{address}comments/write/",
    ]


def searches() -> list[str]:
    author = Author.objects.all()[0]
    return [
        "/search/",
        "/search/?q=tide",
        "/search/?q=the",
        f"/search/?q=the&author={author.slug}&year={Post.published.listed()[0].publish_at.year}",
        "/search/?q=nothing+of+the+kind",
        "/search/?q=tidde",
        "/no/such/page/",
        "/posts/the-tide-keps-no-crontab.html",
    ]


@pytest.fixture
def windows(chromium: Browser, live_server) -> Iterator[dict[str, Page]]:
    """A window of each size."""
    contexts = {size: chromium.new_context(base_url=live_server.url, viewport=SIZES[size]) for size in SIZES}
    yield {size: context.new_page() for size, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def written(client: Client, tmp_path: Path) -> Iterator[Any]:
    """A function that writes pages into files, for the validator."""

    def write(addresses: Iterable[str]) -> list[Path]:
        files = [tmp_path / f"{number}.html" for number, _ in enumerate(addresses)]
        for file, address in zip(files, addresses, strict=True):
            file.write_bytes(client.get(address).content)
        return files

    return write


def violations(windows: dict[str, Page], addresses: Iterable[str], axe_source: str) -> list[tuple[Any, ...]]:
    """What axe finds in each size and scheme, and which page does not fit. Only the contrast differs by the scheme."""
    found: list[tuple[Any, ...]] = []
    for size, page in windows.items():
        for address in addresses:
            page.emulate_media(color_scheme="light")
            page.goto(address)
            page.evaluate(axe_source)
            found += [(size, address, *fault) for fault in page.evaluate(FAULTS, {})]
            page.emulate_media(color_scheme="dark")
            in_dark = page.evaluate(FAULTS, {"runOnly": ["color-contrast", "link-in-text-block"]})
            found += [(size, "dark", address, *fault) for fault in in_dark]
            if page.evaluate(IS_TOO_WIDE):
                found.append((size, address, "wider than the window"))
    return found


def test_pages_are_valid_html(addresses, written, html_errors):
    assert html_errors(written(addresses)) == []


def test_pages_are_accessible_and_fit(addresses, windows, axe_source):
    assert violations(windows, addresses, axe_source) == []


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_site_of_another_language_is_sound_too(demo, written, windows, html_errors, axe_source, language):
    Post.objects.update(language="en")
    SiteSettings.objects.update(language=language, posts_per_page=5)
    other = make_post(
        "\u05dc\u05de\u05d4 Rust?", language="he", slug="hebrew", summary="\u05e9\u05dc\u05d5\u05dd", tags=["rust"]
    )
    discussed = Post.published.listed().order_by("-comment_count")[0]
    addresses = [
        "/",
        other.get_absolute_url(),
        discussed.get_absolute_url(),
        "/archive/",
        "/search/?q=the",
        "/no/page/",
    ]
    assert html_errors(written([*addresses, "/feeds/", "/tags/"])) == []
    assert violations(windows, addresses, axe_source) == []


def test_no_page_asks_another_host_sets_a_cookie_or_breaks_the_policy(addresses, page, live_server):
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda message: complaints.append(message.text) if "404" not in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for address in addresses:
        page.goto(address)
    page.wait_for_load_state("networkidle")
    assert hosts - {""} == {urlsplit(live_server.url).netloc}
    assert complaints == []
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
