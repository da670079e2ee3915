"""What the counters of `posts.generation` count: all that a public page may show of it, and as little besides.

What nobody can see yet, such as a draft, its tags or a picture that nothing shows, turns nothing. Time alone makes a
post visible that is to be published later, so that one counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Any

from django.contrib.redirects.models import Redirect
from django.db.models import Model

from .generation import CONTENT, FINDABLE, PAGES, SITE, SURROUNDINGS
from .models import (
    Audio,
    Author,
    Category,
    Image,
    MenuItem,
    Page,
    Post,
    RelatedPost,
    SearchDocument,
    Series,
    SiteSettings,
    SpellingKey,
    Tag,
    TaggedPost,
)
from .triggers import Watch, install

VISIBLE = "{row}.status = 'published' AND {row}.deleted_at IS NULL AND {row}.visibility <> 'private'"
"""In SQL: a post that anyone may read at some time, as `managers.readable` has it for one moment."""
PUBLISHED_PAGE = "{row}.status = 'published' AND {row}.deleted_at IS NULL"


def visible_post(condition: str) -> str:
    """In SQL: that there is a visible post of which `condition` holds."""
    return exists(Post, "post", f"{condition} AND {VISIBLE.format(row='post')}")


def exists(model: type[Model], name: str, condition: str) -> str:
    """In SQL: that there is a row of a model, called `name`, of which `condition` holds."""
    return f"EXISTS (SELECT 1 FROM {table(model)} AS {name} WHERE {condition})"  # noqa: S608 -- all of it is ours


def watch(using: str = "default", **_: Any) -> None:
    """Called after each migrate."""
    install(using, all_watches())


def all_watches() -> list[Watch]:
    return [*posts(), *what_posts_show(), *site(), *surroundings(), *findable()]


def posts() -> Iterator[Watch]:
    # A comment changes its post's count, which no feed shows.
    yield Watch(CONTENT, table(Post), columns(Post, but={"comment_count"}), only=VISIBLE)
    for model in (Post.categories.through, Post.co_authors.through):
        yield Watch(CONTENT, table(model), columns(model), where=visible_post("post.id = {row}.post_id"))
    of_tag = visible_post("post.id = {row}.content_object_id")
    yield Watch(CONTENT, table(TaggedPost), columns(TaggedPost), where=of_tag)


def what_posts_show() -> Iterator[Watch]:
    """What stands by itself, such as a category without posts, counts in any case."""
    for model in (Category, Series, Author, SiteSettings):
        yield Watch(CONTENT, table(model), columns(model))
    tagged = visible_post("post.id = link.content_object_id")
    has_tag = exists(TaggedPost, "link", f"link.tag_id = {{row}}.id AND {tagged}")
    yield Watch(CONTENT, table(Tag), columns(Tag), where=has_tag)
    yield Watch(CONTENT, table(Audio), columns(Audio), where=visible_post("post.audio_id = {row}.id"))
    of_author = exists(Author, "author", "author.picture_id = {row}.id")
    shown = f"{visible_post('post.cover_id = {row}.id')} OR {of_author} OR {of_podcast()}"
    yield Watch(CONTENT, table(Image), columns(Image), where=shown)


def of_podcast() -> str:
    return exists(SiteSettings, "site", "site.podcast_image_id = {row}.id")


def site() -> Iterator[Watch]:
    """Settings with the picture that belongs to them, and menus with what they name."""
    yield Watch(PAGES, table(Page), columns(Page), only=PUBLISHED_PAGE)
    yield Watch(SITE, table(Page), ("title", "slug", "status", "deleted_at"), only=PUBLISHED_PAGE)
    yield Watch(SITE, table(Category), ("name", "slug", "deleted_at"))
    for model in (SiteSettings, MenuItem):
        yield Watch(SITE, table(model), columns(model))
    yield Watch(SITE, table(Image), columns(Image), where=of_podcast())


def surroundings() -> Iterator[Watch]:
    """Comments add their own, see `comments.generation`."""
    yield Watch(SURROUNDINGS, table(Post), ("comment_count",), only=VISIBLE, around="SELECT {row}.id AS id")
    related = visible_post("post.id = {row}.post_id")
    around = "SELECT {row}.post_id AS id"
    yield Watch(SURROUNDINGS, table(RelatedPost), columns(RelatedPost), where=related, around=around)


def findable() -> Iterator[Watch]:
    """A query is read in all languages that have a document, hidden ones too; and it is spelt by all known words."""
    same = "other.language = {row}.language AND other.post_id <> {row}.post_id"
    alone = f"NOT {exists(SearchDocument, 'other', same)}"
    found = f"{visible_post('post.id = {row}.post_id')} OR {alone}"
    yield Watch(FINDABLE, table(SearchDocument), columns(SearchDocument), where=found)
    for model in (SpellingKey, Redirect):
        yield Watch(FINDABLE, table(model), columns(model))


def table(model: type[Model]) -> str:
    return model._meta.db_table


def columns(model: type[Model], but: Set[str] = frozenset()) -> tuple[str, ...]:
    """Those of a model, the time of its last change first: where that differs, no other one need be compared."""
    names = [field.column for field in model._meta.local_concrete_fields if field.column and field.column not in but]
    return tuple(sorted(names, key=lambda name: name != "updated_at"))
