"""A page of a list is drawn once for as long as it shows the same, and never a moment longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from posts import whole_pages
from posts.middleware import site_settings
from posts.models import Author, Category, MenuItem, Post, SiteSettings, Tag
from posts.remembered import Remembered
from tests import shelves
from tests.factories import make_author, make_category, make_image, make_page, make_post

pytestmark = pytest.mark.django_db

ADDRESSES = ("/", "/category/kitchen/", "/tag/rye/", "/tag/rye+salt/", "/author/ada/", "/2020/", "/2020/02/")


@pytest.fixture
def pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Lists that show whatever a list can show, as they are served."""
    # Within the transaction of a test they would be loaded anew for each page, and no page would be the same.
    site = SiteSettings.load()
    monkeypatch.setattr(site_settings, "get", lambda request: site)
    kitchen = make_category("Kitchen", parent=make_category("House"))
    make_category("Oven", parent=kitchen)
    ada = make_author("Ada", bio="Bakes.", picture=make_image())
    for number, title in enumerate(("Bread", "Cake")):
        post = make_post(
            title,
            author=ada,
            categories=[kitchen],
            tags=["rye", "salt"],
            cover=make_image(),
            publish_at=datetime(2020, 2, 1 + number, 12, tzinfo=UTC),
        )
        post.co_authors.add(make_author(f"Friend of {title}"))
    make_post("Soup", pinned=True)

    def shown() -> list[str]:
        return [client.get(address).content.decode() for address in ADDRESSES]

    return shown


def change(model: type[Model], slug: str, /, **values: object) -> Callable[[], object]:
    manager = getattr(model, "all_objects", model._default_manager)
    return lambda: manager.filter(slug=slug).update(**values)


CHANGES = {
    "a title": change(Post, "bread", title="Loaf"),
    "a summary": change(Post, "bread", summary="What it is about."),
    "an address": change(Post, "bread", slug="loaf"),
    "a language": change(Post, "bread", language="ar"),
    "a number of comments": change(Post, "bread", comment_count=7),
    "a cover": change(Post, "bread", cover=None),
    "a post less": change(Post, "bread", deleted_at=timezone.now()),
    "a post more": lambda: make_post("Buns", categories=Category.objects.filter(slug="kitchen")),
    "a pin": change(Post, "soup", pinned=False),
    "an author's name": change(Author, "ada", display_name="Eve"),
    "an author's biography": change(Author, "ada", bio="Boils."),
    "an author's picture": lambda: Author.objects.filter(slug="ada").update(picture=make_image()),
    "a co-author's name": change(Author, "friend-of-bread", display_name="Friend of loaf"),
    "a category's name": change(Category, "kitchen", name="Larder"),
    "a category's description": change(Category, "kitchen", description="Where we cook."),
    "a category above": change(Category, "house", name="Home"),
    "a category below": change(Category, "oven", name="Hearth"),
    "a tag's name": change(Tag, "rye", name="Wheat"),
    "a menu": lambda: MenuItem.objects.create(page=make_page("About"), place="header"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_on_the_pages_at_once(pages, name):
    before = pages()
    CHANGES[name]()
    found = pages()
    shelves.empty()
    assert found == pages()
    assert found != before


def test_other_settings_are_on_the_pages_at_once(pages, monkeypatch):
    before = pages()
    SiteSettings(title="Elsewhere").save()
    site = SiteSettings.load()
    monkeypatch.setattr(site_settings, "get", lambda request: site)
    assert all("Elsewhere" in page and page not in before for page in pages())


def test_what_is_the_same_is_drawn_once(pages, monkeypatch):
    def draw(page):
        drawn.append(page.template_name)
        return whole_pages._draw(page)

    drawn: list[str] = []
    monkeypatch.setattr(whole_pages, "_drawn", Remembered(draw, whole_pages.ROOM))
    before = pages()
    assert len(drawn) == len(ADDRESSES)
    assert pages() == before
    assert len(drawn) == len(ADDRESSES)
    Post.objects.filter(slug="soup").update(title="Broth")
    pages()
    assert drawn[len(ADDRESSES) :] == ["posts/home.html"]


def test_a_page_by_position_and_each_address_of_the_site_have_pages_of_their_own(pages, client, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    seen = set()
    for host in settings.ALLOWED_HOSTS:
        for query in ("", "?before=2200-01-01T00:00:00Z_1"):
            page = client.get(f"/category/kitchen/{query}", headers={"host": host}).content.decode()
            assert f"http://{host}/category/kitchen/" in page
            seen.add(page)
    assert len(seen) == 4


def test_a_row_has_to_be_told_of_by_what_was_read(rf):
    request = rf.get("/")
    request.site_settings = SiteSettings.load()
    with pytest.raises(TypeError, match="tag as Read"):
        whole_pages.drawn(request, "posts/tag.html", tag=Tag(pk=1, name="Rye", slug="rye"))
