"""What reading a text is like: light pages, players on request, a table of contents that follows, and any window."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import brotli
import pytest
from playwright.sync_api import Browser, Page, Response, Route, expect

from blogsite import demo_content
from posts.files import renditions
from posts.models import Category, Image, Post
from tests.factories import make_image, make_page, make_post

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

HOME_BUDGET = 30 * 1024
HOME_REQUESTS = 3
POST_BUDGET = 35 * 1024
POST_REQUESTS = 10

FILM = "https://archive.org/details/CC_1916_10_02_ThePawnshop"
LONG_TEXT = "\n\n".join(f"## Part {number}\n\n{'Words to read. ' * 200}" for number in range(1, 6))
WIDE = "$$\n" + " + ".join(f"x_{{{number}}}" for number in range(60)) + "\n$$"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def demo() -> None:
    demo_content.load()


def overflow(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


# How much a page weighs


def weights_of(page: Page, address: str) -> dict[str, int]:
    """What a page loads, in bytes as they come over the wire, headers included; pictures of the content apart."""
    answers: dict[str, Response] = {}
    page.on("response", lambda answer: answers.update({answer.url: answer}))
    page.goto(address, wait_until="networkidle")
    loaded = {urlsplit(url).path: answer for url, answer in answers.items() if url.startswith("http")}
    return {path: weight(path, answer) for path, answer in loaded.items() if not path.startswith("/media/")}


def weight(path: str, answer: Response) -> int:
    """Static files come as WhiteNoise compresses them, which the tests' own server does not."""
    sizes = answer.request.sizes()
    is_static = path.startswith("/static/")
    return sizes["responseHeadersSize"] + (
        len(brotli.compress(answer.body())) if is_static else sizes["responseBodySize"]
    )


@pytest.mark.usefixtures("demo")
def test_a_cold_home_page_is_light(page):
    weights = weights_of(page, "/")
    assert len(weights) <= HOME_REQUESTS, weights
    assert 0 < sum(weights.values()) < HOME_BUDGET, weights


@pytest.mark.usefixtures("demo")
def test_the_longest_post_is_light(page):
    weights = weights_of(page, Post.published.listed().order_by("-word_count")[0].get_absolute_url())
    assert len(weights) <= POST_REQUESTS, weights
    assert 0 < sum(weights.values()) < POST_BUDGET, weights


# Pictures


def test_a_browser_takes_the_copy_that_fits(chromium: Browser, live_server):
    image = make_image("Boats", size=(1600, 900))
    renditions.make(image)
    address = make_post(body=f"![Boats]({image.file.url})").get_absolute_url()
    taken = {}
    for width, density in [(360, 1), (1280, 1), (1280, 2)]:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 800}, device_scale_factor=density
        )
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        picture = page.get_by_alt_text("Boats")
        taken[width, density] = picture.evaluate("picture => picture.currentSrc").rpartition("-")[2]
        assert picture.evaluate("picture => picture.naturalWidth > 0")
        context.close()
    assert taken == {(360, 1): "480.avif", (1280, 1): "800.avif", (1280, 2): "1600.avif"}


def test_while_copies_are_missing_the_picture_is_shown(page):
    image = make_image("Boats", size=(1600, 900))
    page.goto(make_post(body=f"![Boats]({image.file.url})").get_absolute_url(), wait_until="networkidle")
    assert Image.objects.get().rendition_widths
    assert page.get_by_alt_text("Boats").evaluate("picture => picture.complete && picture.naturalWidth > 0")


# Players


@pytest.fixture
def elsewhere(page: Page, live_server) -> list[str]:
    """The addresses of other hosts that the page asks for; an empty page answers."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="<p>A player</p>", content_type="text/html")

    page.route(lambda url: urlsplit(url).netloc != urlsplit(live_server.url).netloc, answer)
    return asked


def test_a_player_is_loaded_once_its_reader_asks_for_it(page, elsewhere):
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(make_post(body=FILM).get_absolute_url(), wait_until="networkidle")
    assert elsewhere == []

    page.get_by_role("button", name="Load the video from archive.org").click()
    expect(page.frame_locator(".embed iframe").locator("p")).to_have_text("A player")
    assert elsewhere == ["https://archive.org/embed/CC_1916_10_02_ThePawnshop"]
    frame = page.locator(".embed iframe")
    expect(frame).to_have_attribute("title", "Watch on Internet Archive")
    expect(frame).to_have_attribute("sandbox", re.compile("allow-scripts"))
    expect(page.get_by_role("link", name="Watch on Internet Archive")).to_be_visible()
    assert complaints == []


def test_the_policy_lets_in_the_hosts_of_this_page_alone(page, elsewhere):
    page.goto(make_page(body=FILM).get_absolute_url(), wait_until="networkidle")
    figure = page.locator(".embed")
    figure.evaluate("figure => { figure.dataset.embed = 'https://player.vimeo.com/video/1' }")
    with page.expect_event("console", lambda message: "frame-src" in message.text):
        figure.get_by_role("button").click()
    assert elsewhere == []


def test_without_script_there_is_the_link(chromium: Browser, live_server):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(make_post(body=FILM).get_absolute_url())
    expect(page.locator(".embed").get_by_role("link")).to_have_attribute("href", FILM)
    expect(page.locator(".embed button")).to_have_count(0)
    expect(page.locator(".share")).to_be_hidden()
    context.close()


# What follows the reader, and what passes a page on


def test_the_table_of_contents_follows_the_reader(page):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(make_post(body=LONG_TEXT).get_absolute_url())
    current = page.locator(".toc [aria-current]")
    expect(current).to_have_count(0)
    for number in (2, 5, 1):
        page.locator(f"#part-{number}").evaluate("heading => heading.scrollIntoView()")
        expect(current).to_have_text(f"Part {number}")
        expect(current).to_be_in_viewport()


def test_where_there_is_no_column_for_it_the_table_of_contents_is_folded(page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(make_post(body=LONG_TEXT).get_absolute_url())
    expect(page.locator(".toc summary")).to_be_visible()
    expect(page.locator(".toc a").first).to_be_hidden()


def test_an_address_is_copied_where_there_is_no_share_sheet(page, live_server):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("delete Navigator.prototype.share")
    post = make_post()
    page.goto(f"{post.get_absolute_url()}#comments")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.locator(".share button")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{live_server.url}{post.get_absolute_url()}"


def test_the_share_sheet_gets_the_title_and_the_address(page, live_server):
    page.add_init_script(
        "Object.defineProperty(Navigator.prototype, 'share',"
        " { value: (what) => { document.title = `${what.title} ${what.url}`; return Promise.reject(); } })"
    )
    post = make_post("The harbour")
    page.goto(post.get_absolute_url())
    page.get_by_role("button", name="Share").click()
    expect(page).to_have_title(f"The harbour {live_server.url}{post.get_absolute_url()}")


# Any window, and paper


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(("name", "width"), [("narrow", 320), ("zoomed", 640)])
def test_nothing_is_wider_than_the_window(chromium: Browser, live_server, name, width):
    """320 pixels are WCAG 1.4.10; 640 at twice the density are a window of 1280 at 200%."""
    context = chromium.new_context(
        base_url=live_server.url, viewport={"width": width, "height": 512}, device_scale_factor=2
    )
    page = context.new_page()
    make_post("Wide", body=f"{WIDE}\n\nIn a line ${' + '.join('y' * 80)}$ as well.\n\n{FILM}\n\n`{'x' * 300}`")
    addresses = ["/", "/archive/", "/search/?q=tide", Category.objects.first().get_absolute_url()]
    addresses += [post.get_absolute_url() for post in Post.published.listed()]
    assert [address for address in addresses if page.goto(address) and overflow(page)] == []
    context.close()


def test_text_of_twice_the_size_fits(page):
    """Readers may enlarge the text alone (WCAG 1.4.4), which no width of a window tells."""
    page.set_viewport_size({"width": 640, "height": 800})
    page.goto(make_post(body=LONG_TEXT, cover=make_image(size=(900, 600))).get_absolute_url())
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    assert float(page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")) >= 32
    assert not overflow(page)


def test_on_paper_there_is_the_text_alone(page):
    page.goto(make_post(body=f"{LONG_TEXT}\n\n{FILM}\n\n[Elsewhere](https://example.org/)").get_absolute_url())
    page.emulate_media(media="print")
    for chrome in (".site-nav", ".theme-toggle", ".toc", ".share", ".skip-link", ".permalink", ".embed button"):
        for element in page.locator(chrome).all():
            expect(element).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".embed a")).to_be_visible()
    address = "getComputedStyle(document.querySelector('.prose p a[href^=http]'), '::after').content"
    assert "example.org" in page.evaluate(address)


def test_a_reader_mode_finds_its_way(page):
    """One article, one first heading, a date, an author: what reader modes and other machines look for."""
    post = make_post("The harbour", body="A text.")
    page.goto(post.get_absolute_url())
    expect(page.locator("article h1")).to_have_text("The harbour")
    assert page.locator("h1").count() == 1
    assert page.locator("main article").count() == 1
    expect(page.locator("article header time").first).to_have_attribute("datetime", f"{post.publish_at:%Y-%m-%d}")
    expect(page.locator("article header [rel=author]")).to_have_text(post.author.display_name)


@pytest.mark.parametrize("forced", ["none", "active"])
def test_high_contrast_keeps_every_edge(page, forced):
    page.emulate_media(contrast="more", forced_colors=forced)
    page.goto(make_post(body=FILM).get_absolute_url())
    button = page.locator(".embed button")
    assert button.evaluate("button => parseFloat(getComputedStyle(button).borderTopWidth)") >= 1
    colours = page.evaluate(
        "[document.body, document.querySelector('.meta')].map((element) => getComputedStyle(element).color)"
    )
    assert len(set(colours)) == 1


def test_nothing_moves_for_who_wants_it_still(page):
    page.emulate_media(reduced_motion="reduce")
    page.goto(make_post().get_absolute_url())
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
