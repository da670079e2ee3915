"""The head of each kind of page: what is told to those who list, share and keep it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.utils import timezone

from posts.models import SiteSettings
from posts.templatetags.head import og_locale
from tests.factories import make_author, make_category, make_image, make_page, make_post, make_series

pytestmark = pytest.mark.django_db

CSS = Path(__file__).parents[2] / "static" / "css" / "site.css"
HOST = "http://testserver"


class Head:
    """The head of a page, to ask."""

    def __init__(self, client, address: str, status: int = 200) -> None:
        response = client.get(address)
        assert response.status_code == status, address
        self.text = response.content.decode().partition("</head>")[0]

    def all(self, name: str) -> list[str]:
        """What the meta elements of this name or property say."""
        return [unescape(text) for text in re.findall(rf'<meta (?:name|property)="{name}" content="(.*?)"', self.text)]

    def one(self, name: str) -> str:
        found = self.all(name)
        assert len(found) <= 1, f"{name} is said {len(found)} times"
        return found[0] if found else ""

    def link(self, rel: str) -> str:
        found = re.findall(rf'<link rel="{rel}" href="(.*?)"', self.text)
        assert len(found) <= 1, f"{rel} is said {len(found)} times"
        return unescape(found[0]) if found else ""


@pytest.fixture
def scene(db) -> None:
    """A site with two posts, so that no list is thin."""
    SiteSettings(title="Crumbs", tagline="Of bread", description="All about bread.", language="de").save()
    author = make_author("Ada", bio="Bakes.")
    category, series = make_category("Kitchen", description="Where it is hot."), make_series("Baking")
    series.description = "From flour to loaf."
    series.save()
    for number in range(2):
        make_post(
            f"Loaf {number}",
            slug=f"loaf-{number}",
            author=author,
            categories=[category],
            series=series,
            tags=["rye"],
            summary="How to bake.",
            publish_at=timezone.now() - timedelta(minutes=number + 1),
        )
    make_page("About", body="Who we are.")


KINDS: dict[str, tuple[str, Callable[[], str]]] = {
    "home": ("website", lambda: "/"),
    "category": ("website", lambda: "/category/kitchen/"),
    "tag": ("website", lambda: "/tag/rye/"),
    "author": ("profile", lambda: "/author/ada/"),
    "series": ("website", lambda: "/series/baking/"),
    "archive": ("website", lambda: "/archive/"),
    "year": ("website", lambda: f"/{timezone.now():%Y}/"),
    "month": ("website", lambda: f"/{timezone.now():%Y/%m}/"),
    "post": ("article", lambda: "/posts/loaf-0/"),
    "page": ("article", lambda: "/about/"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_says_what_it_is(kind, scene, client):
    expected, address = KINDS[kind]
    head = Head(client, address())
    assert head.link("canonical") == f"{HOST}{address()}"
    assert head.one("og:url") == f"{HOST}{address()}"
    assert head.one("og:type") == expected
    assert head.one("og:title")
    assert head.one("og:site_name") == "Crumbs"
    assert head.one("og:locale") == "de_DE"
    assert head.one("description")
    assert head.one("robots") == ""


@pytest.mark.parametrize(
    ("kind", "description"),
    [
        ("home", "All about bread."),
        ("category", "Where it is hot."),
        ("author", "Bakes."),
        ("series", "From flour to loaf."),
        ("post", "How to bake."),
        ("page", "Who we are."),
    ],
)
def test_a_description_is_that_of_the_thing_itself(kind, description, scene, client):
    head = Head(client, KINDS[kind][1]())
    assert head.one("description") == head.one("og:description") == description


def test_a_post_says_when_by_whom_and_where_to_those_who_share_it(client, media):
    post = make_post(
        "Rye & salt",
        author=make_author("Ada"),
        categories=[make_category("Kitchen"), make_category("Attic")],
        tags=["rye", "salt"],
        language="es",
        seo_title="Rye, in short",
        seo_description="Salt & rye.",
        cover=make_image("A loaf", size=(60, 40)),
    )
    head = Head(client, post.get_absolute_url())
    assert (head.one("og:title"), head.one("description")) == ("Rye, in short", "Salt & rye.")
    assert head.one("author") == "Ada"
    assert head.one("og:locale") == "es_ES"
    assert head.one("article:published_time").startswith(f"{post.publish_at:%Y-%m-%dT%H}")
    assert head.one("article:modified_time")
    assert head.one("article:author") == f"{HOST}/author/ada/"
    assert head.one("article:section") == "Attic"
    assert head.all("article:tag") == ["rye", "salt"]
    assert head.one("og:image").startswith(f"{HOST}/media/images/")
    assert (head.one("og:image:width"), head.one("og:image:height")) == ("60", "40")
    assert head.one("og:image:alt") == "A loaf"
    assert head.one("twitter:card") == "summary_large_image"


def test_a_post_that_first_appeared_elsewhere_says_so(client):
    post = make_post(canonical_url="https://first.example/bread")
    assert Head(client, post.get_absolute_url()).link("canonical") == "https://first.example/bread"


def test_further_pages_have_an_address_of_their_own_and_are_not_kept(client):
    SiteSettings(posts_per_page=1).save()
    for number in range(3):
        make_post(publish_at=timezone.now() - timedelta(hours=number + 1))
    first = Head(client, "/")
    assert (first.link("canonical"), first.one("robots"), first.link("prev")) == (f"{HOST}/", "", "")
    second = Head(client, first.link("next"))
    assert second.link("canonical") == second.one("og:url") == first.link("next")
    assert second.one("robots") == "noindex, follow"
    third = Head(client, second.link("next"))
    back = Head(client, third.link("prev"))
    assert back.link("canonical") == third.link("prev")
    assert back.one("robots") == "noindex, follow"


@pytest.mark.parametrize("address", ["/tag/rye/", "/search/?q=rye"])
def test_thin_pages_are_for_readers_alone(address, client):
    make_post(tags=["rye"])
    assert Head(client, address).one("robots") == "noindex, follow"


def test_the_page_to_search_from_may_be_found(client):
    assert Head(client, "/search/").one("robots") == ""


def test_a_tag_of_two_posts_is_worth_keeping(client):
    for _ in range(2):
        make_post(tags=["rye"])
    assert Head(client, "/tag/rye/").one("robots") == ""


def test_what_is_missing_is_not_kept(client):
    assert Head(client, "/no/such/place/", status=404).one("robots") == "noindex, follow"


def test_an_unlisted_post_is_neither_kept_nor_given_out_as_canonical(client):
    head = Head(client, make_post(visibility="unlisted").get_absolute_url())
    assert head.one("robots") == "noindex, follow"
    assert head.link("canonical") == ""
    assert "BlogPosting" not in head.text


@pytest.mark.parametrize("origin", ["https://blog.example.org", "http://other.example"])
def test_whole_addresses_begin_with_the_one_of_the_site(origin, client, settings):
    settings.SITE_URL = origin
    head = Head(client, make_post(slug="bread").get_absolute_url())
    assert head.link("canonical") == f"{origin}/posts/bread/"
    assert head.one("og:image").startswith(f"{origin}/posts/bread/card-")
    assert HOST not in head.text


def test_a_long_description_is_cut_at_what_is_shown(client):
    post = make_post(summary="& " * 200)
    assert len(Head(client, post.get_absolute_url()).one("description")) <= 160


def test_the_frame_of_a_browser_has_the_colour_of_the_paper(client):
    paper = re.search(r"--paper: light-dark\((#\w+), (#\w+)\)", CSS.read_text())
    assert re.findall(r'name="theme-color" content="(#\w+)"', Head(client, "/").text) == list(paper.groups())


@pytest.mark.parametrize(
    ("language", "locale"), [("en", "en_US"), ("de", "de_DE"), ("pt-br", "pt_BR"), ("ar", "ar_AR"), ("ja", "ja_JP")]
)
def test_a_language_is_told_with_a_territory(language, locale):
    assert og_locale(language) == locale
