"""Texts that are read in the other direction than the page around them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from posts.models import SiteSettings
from tests.factories import make_post

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TITLES = {"ar": "الشاي في المساء", "de": "Tee am Abend"}
BODY = "## Title\n\n{}\n\n```python\n" + "x = 1  # " + "word " * 30 + "\n```\n"

# The edge, in pixels from the left, at which the words of an element begin or end; not that of its box.
EDGE = """(element, side) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return Math.round(range.getBoundingClientRect()[side]);
}"""
LEFT = "(element) => element.getBoundingClientRect().left"


@pytest.fixture(params=[360, 1280], ids=["phone", "desktop"])
def window(request, page: Page) -> Page:
    page.set_viewport_size({"width": request.param, "height": 800})
    return page


def edge(page: Page, selector: str, side: str) -> int:
    return page.locator(selector).first.evaluate(EDGE, side)


@pytest.mark.parametrize(
    ("site", "text", "start", "end"),
    [("ar", "de", "right", "left"), ("de", "ar", "left", "right")],
    ids=["german-on-arabic", "arabic-on-german"],
)
def test_titles_stand_at_the_edge_of_the_page_and_texts_at_their_own(window, site, text, start, end):
    SiteSettings(language=site).save()
    make_post(TITLES[site], slug="own", summary=TITLES[site], body=BODY.format(TITLES[site]), language=site)
    make_post(TITLES[text], slug="other", summary=TITLES[text], body=BODY.format(TITLES[text]), language=text)
    window.goto("/posts/own/")
    own = {part: edge(window, part, start) for part in ("h1", ".lede", ".prose > p")}
    far = window.locator(".prose").evaluate(f"(prose) => Math.round(prose.getBoundingClientRect().{end})")
    window.goto("/posts/other/")
    assert {part: edge(window, part, start) for part in ("h1", ".lede")} == {"h1": own["h1"], ".lede": own[".lede"]}
    assert edge(window, ".prose > p", end) == far
    assert window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_code_of_a_text_against_the_page_leaves_the_margin_alone(page):
    SiteSettings(language="de").save()
    make_post(TITLES["ar"], slug="other", body=BODY.format(TITLES["ar"]), language="ar")
    page.goto("/posts/other/")
    prose, code = (page.locator(part).first.evaluate(LEFT) for part in (".prose", ".prose pre"))
    assert code >= prose
