"""A post with all that its own page shows of it, by two queries that are compiled once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Case, F, IntegerField, Model, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from .compiled import Compiled
from .managers import readable
from .models import Author, Category, Image, Post, Tag

CATEGORY, TAG, AUTHOR = range(3)
LEVELS = 3
"""So many categories above its first one does a post show the way by."""


def opened(slug: str) -> Post | None:
    """The post at an address, if anyone may read it."""
    found = _post.instances(slug=slug, moment=timezone.now())
    return with_belongings(found[0]) if found else None


def opened_for_discussion(slug: str) -> Post | None:
    """The same without its text and without what belongs to it."""
    return next(iter(_discussed.instances(slug=slug, moment=timezone.now())), None)


def with_belongings(post: Post) -> Post:
    """The post with its categories, tags and co-authors, and with the way to its first category. One query."""
    rows = _belongings.rows(post=post.pk)
    _fetched(post, "categories", [_category(*row[1:-1]) for row in rows if row[0] == CATEGORY], Category)
    _fetched(post, "tags", [_tag(*row[1:4]) for row in rows if row[0] == TAG], Tag)
    _fetched(post, "co_authors", [_author(*row[1:-1]) for row in rows if row[0] == AUTHOR], Author)
    return post


def _fetched(post: Post, name: str, rows: list[Any], model: type[Model]) -> None:
    """As `prefetch_related()` leaves what it has found."""
    empty: QuerySet[Any] = QuerySet(model)
    empty._result_cache, empty._prefetch_done = rows, True  # type: ignore[attr-defined]  # noqa: SLF001 -- no other way in
    post.__dict__.setdefault("_prefetched_objects_cache", {})[name] = empty


def _category(name: str, pk: int, slug: str, *rest: Any) -> Category:
    category = Category(pk=pk, name=name, slug=slug)
    above, way = category, rest[: 2 * LEVELS]
    for parent_name, parent_slug in zip(way[::2], way[1::2], strict=True):
        above.parent = Category(name=parent_name, slug=parent_slug) if parent_slug else None
        if above.parent is None:
            break
        above = above.parent
    return category


def _tag(name: str, pk: int, slug: str) -> Tag:
    return Tag(pk=pk, name=name, slug=slug)


def _author(name: str, pk: int, slug: str, bio: str, file: str, *rest: Any) -> Author:
    user, picture, width, height, moves = rest[2 * LEVELS - 2 :]
    author = Author(pk=pk, display_name=name, slug=slug, bio=bio, user_id=user, picture_id=picture)
    author.picture = Image(pk=picture, file=file, width=width, height=height, moves=moves) if picture else None
    return author


def _of_post(slug: Any, moment: Any) -> QuerySet[Post]:
    return Post.all_objects.filter(readable(moment), slug=slug).for_page()


def _of_discussed(slug: Any, moment: Any) -> QuerySet[Post]:
    posts = Post.all_objects.filter(readable(moment), slug=slug).select_related("author__picture")
    return posts.defer("body", "body_html", "toc")


def _of_belongings(post: Any) -> QuerySet[Any, Any]:
    """Rows of one width: texts, then numbers, then whether a picture moves; each kind in its order."""
    texts, numbers, moves = [_no(TextField())] * 2 * LEVELS, [_no(IntegerField())] * 4, _no(BooleanField())
    way = [column for level in range(1, LEVELS + 1) for column in _above(level)]
    picture = [F(f"picture__{name}") for name in ("width", "height")]
    authors = [F("bio"), F("picture__file"), *texts[2:], F("user_id"), F("picture_id"), *picture, F("picture__moves")]
    found = [
        _named(Category.objects.filter(posts=post), CATEGORY, "name", Value(0), [*way, *numbers, moves]),
        # Tags stand as they were given.
        _named(Tag.objects.filter(items__content_object=post), TAG, "name", F("items__pk"), [*texts, *numbers, moves]),
        _named(Author.objects.filter(co_written=post), AUTHOR, "display_name", Value(0), authors),
    ]
    return found[0].union(*found[1:], all=True).order_by("rank", "label", "id")


def _named(rows: QuerySet[Any], kind: int, name: str, rank: Any, more: Iterable[Any]) -> QuerySet[Any, Any]:
    labelled = rows.order_by().annotate(kind=Value(kind), label=F(name), rank=rank)
    return labelled.values_list("kind", "label", "id", "slug", *more, "rank")


def _above(level: int) -> list[Any]:
    """The name and the slug of a category some levels up; nothing above one in the trash."""
    paths = ["__".join(["parent"] * up) for up in range(1, level + 1)]
    is_live = {f"{path}__deleted_at": None for path in paths} | {f"{paths[-1]}__isnull": False}
    columns = [F(f"{paths[-1]}__{name}") for name in ("name", "slug")]
    return [Case(When(**is_live, then=column), output_field=TextField()) for column in columns]


def _no(kind: Any) -> Cast:
    return Cast(Value(None), kind)


_post = Compiled(Post, _of_post)
_discussed = Compiled(Post, _of_discussed)
_belongings = Compiled(Post, _of_belongings)
