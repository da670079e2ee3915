"""A post's page is drawn once for as long as the rows that it shows say the same, and never a moment longer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from comments import drawing as drawing_of_comments
from comments.models import Comment
from posts import drawing, translations
from posts.middleware import site_settings
from posts.models import Audio, Author, Category, Image, Post, RelatedPost, Series, SiteSettings, Tag
from tests import shelves
from tests.factories import make_author, make_category, make_comment, make_image, make_post, make_series

pytestmark = pytest.mark.django_db

PAGE = "/posts/bread/"


@pytest.fixture
def page(client: Client) -> Callable[[], str]:
    """A page that shows whatever a post's page can show; as it is served."""
    above = make_category("Home")
    category = make_category("Kitchen", parent=above)
    post = make_post(
        "Bread",
        slug="bread",
        body="# One\n\n## Two\n\n## Three\n\nText.",
        author=make_author("Ada", bio="Bakes.", picture=make_image()),
        categories=[category, make_category("Travel")],
        tags=["rye"],
        cover=make_image(),
    )
    post.co_authors.add(make_author("Ben", bio="Eats."))
    translations.link(post, make_post("Brot", language="de"))
    make_post("Cake", categories=[category])
    make_post("Soup")
    RelatedPost.objects.create(post=post, other=Post.objects.get(title="Soup"), score=1)
    make_comment(make_comment(post, "So it is.").post, "Not so.", parent=Comment.objects.get())

    def shown() -> str:
        return client.get(PAGE).content.decode()

    return shown


def change(model: type[Model], **values: object) -> Callable[[], object]:
    return of(model, {}, **values)


def of(model: type[Model], conditions: dict[str, object], **values: object) -> Callable[[], object]:
    manager = getattr(model, "all_objects", model._default_manager)
    return lambda: manager.filter(**conditions).update(**values)


BREAD = {"slug": "bread"}
CHANGES = {
    "title": of(Post, BREAD, title="Loaf"),
    "text": of(Post, BREAD, body_html="<p>Other words.</p>"),
    "contents": of(Post, BREAD, toc=[]),
    "summary": of(Post, BREAD, summary="What it is about."),
    "visibility": of(Post, BREAD, visibility="unlisted"),
    "cover": of(Post, BREAD, cover=None),
    "description of the cover": of(Post, BREAD, cover_alt="A loaf."),
    "policy": of(Post, BREAD, comment_policy="off"),
    "categories": change(Category, deleted_at=timezone.now()),
    "tags": change(Tag, deleted_at=timezone.now()),
    "series": lambda: Post.objects.filter(slug="bread").update(series=make_series("Baking"), series_position=1),
    "an author's name": of(Author, {"display_name": "Ada"}, display_name="Eve"),
    "a co-author's name": of(Author, {"display_name": "Ben"}, display_name="Eve"),
    "what is told of an author": change(Author, bio="Sings."),
    "a portrait": of(Author, {"display_name": "Ada"}, picture=None),
    "a category's name": of(Category, {"name": "Kitchen"}, name="Bakery"),
    "a category's name above": of(Category, {"name": "Home"}, name="House"),
    "a tag's name": change(Tag, name="spelt"),
    "the size of a picture": change(Image, width=10, height=10),
    "the title of a neighbour": of(Post, {"title": "Cake"}, title="Pie"),
    "the title of a related post": of(Post, {"title": "Soup"}, title="Stew"),
    "another language": of(Post, {"title": "Brot"}, language="es"),
    "a comment's words": change(Comment, body_html="<p>Other words.</p>"),
    "a writer's name": change(Comment, author_name="Cleo"),
    "a comment less": of(Comment, {"parent": None}, status="spam"),
    "a comment more": lambda: make_comment(Post.objects.get(slug="bread"), "One more."),
    "the site's title": lambda: SiteSettings(title="Elsewhere").save(),
    "the site's language": lambda: SiteSettings(language="de").save(),
    "the order of comments": lambda: SiteSettings(comments_newest_first=True, comment_close_days=90).save(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_is_on_the_page_at_once(page, name):
    before = page()
    CHANGES[name]()
    found = page()
    shelves.empty()
    assert found == page()
    assert found != before


def test_a_series_and_a_recording_change_with_their_rows(page):
    audio = Audio.objects.create(file="a.mp3", digest="0" * 64, media_type="audio/mpeg", size=10, seconds=7)
    series = make_series("Baking")
    Post.objects.filter(slug="bread").update(series=series, series_position=1, audio=audio)
    assert "Baking" in page()
    assert "0:07" in page()
    Series.objects.update(title="Boiling")
    Audio.objects.update(seconds=8)
    assert "Boiling" in page()
    assert "0:08" in page()


def test_what_is_the_same_is_drawn_once(page, monkeypatch):
    site = SiteSettings.load()
    monkeypatch.setattr(site_settings, "get", lambda request: site)
    page()
    drawn = []
    monkeypatch.setattr(drawing.PageOf, "drawn", property(drawn.append))
    monkeypatch.setattr(drawing_of_comments.Below, "drawn", property(drawn.append))
    page()
    assert drawn == []


def test_each_address_of_the_site_is_on_its_own_pages_alone(page, client, settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    for host, other in (settings.ALLOWED_HOSTS, settings.ALLOWED_HOSTS[::-1]):
        shown = client.get(PAGE, headers={"host": host}).content.decode()
        assert f"http://{host}{PAGE}" in shown
        assert other not in shown
