"""A post with all that its own page shows of it, by two queries that are compiled once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import (
    FETCH_RAISE,
    BooleanField,
    Case,
    F,
    IntegerField,
    Model,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from .compiled import Compiled, Found
from .models import Audio, Author, Category, Image, Post, Series, Tag

CATEGORY, TAG, AUTHOR = range(3)
LEVELS = 3
"""So many categories above its first one does a post show the way by."""

# Some kilobytes each, the texts not among them.
MAX_KEPT = 300


def _columns(model: type[Model], *but: str) -> tuple[str, ...]:
    """Those of a model in its order, as `from_db()` wants them, but for some."""
    return tuple(column.attname for column in model._meta.concrete_fields if column.name not in but)


_OWN = _columns(
    Post,
    *("body", "body_html", "comment_count", "guid", "created_at", "version", "in_feeds", "pinned", "pinned_until"),
)
_OF_FILES = ("digest", "uploaded_by", "created_at")
# What is read with a post, by its path: paths come after those that they begin with.
_JOINED: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "author": (Author, _columns(Author, "deleted_at")),
    "author__picture": (Image, _columns(Image, *_OF_FILES)),
    "cover": (Image, _columns(Image, *_OF_FILES)),
    "audio": (Audio, _columns(Audio, *_OF_FILES)),
    "series": (Series, _columns(Series, "description")),
}


@dataclass(frozen=True)
class Opened:
    """A post as its page shows it: equal to any other of which the `rows` say the same.

    These are all that the page shows, but for the text, `html`, and the number of comments. The `post` is shared by
    those who ask for it, who must not change it; it refuses to load what it was not read with.
    """

    rows: tuple[Found, ...]
    post: Post = field(compare=False)
    html: str = field(compare=False)


def opened(slug: str) -> Opened | None:
    """The post at an address for its page, if anyone may read it. Two queries."""
    found = _shown.find(slug=slug, moment=timezone.now())
    if not found.told:
        return None
    pk, *_, comment_count, html = found.told[0]
    row, belongings = found.without(2), _belongings.find(post=pk)
    return Opened((row, belongings), _made(row, belongings, comment_count), html)


def opened_whole(slug: str) -> Post | None:
    """The same with its text as it was written, and for the asker alone."""
    found = _post.instances(slug=slug, moment=timezone.now())
    return with_belongings(found[0]) if found else None


def opened_for_discussion(slug: str) -> Post | None:
    """The same without its text and without what belongs to it."""
    return next(iter(_discussed.instances(slug=slug, moment=timezone.now())), None)


@lru_cache(maxsize=MAX_KEPT)
def _made(found: Found, belongings: Found, comment_count: int) -> Post:
    row = iter(found.rows[0])
    post = _read(Post, _OWN, row)
    post.toc = json.loads(post.toc)
    post.comment_count = comment_count
    for path, (model, columns) in _JOINED.items():
        owner, name = (post.author, "picture") if path == "author__picture" else (post, path)
        setattr(owner, name, _read(model, columns, row))
    return _with(post, belongings.rows)


def _read(model: type[Any], columns: tuple[str, ...], row: Iterator[Any]) -> Any:
    """The next columns of a row as an instance; None where there is none."""
    values = list(islice(row, len(columns)))
    return model.from_db(DEFAULT_DB_ALIAS, columns, values, fetch_mode=FETCH_RAISE) if values[0] is not None else None


def forget() -> None:
    """For tests that change what is otherwise settled once the process runs."""
    _made.cache_clear()


def with_belongings(post: Post) -> Post:
    """The post with its categories, tags and co-authors, and with the way to its first category. One query."""
    return _with(post, _belongings.rows(post=post.pk))


def _with(post: Post, rows: Iterable[tuple[Any, ...]]) -> Post:
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


def _of_shown(slug: Any, moment: Any) -> QuerySet[Post, Any]:
    own = [F(name) if name != "toc" else Cast("toc", TextField()) for name in _OWN]
    joined = [f"{path}__{name}" for path, (_model, columns) in _JOINED.items() for name in columns]
    posts = Post.all_objects.readable(moment).filter(slug=slug).order_by()
    return posts.values_list(*own, *joined, "comment_count", "body_html")


def _of_post(slug: Any, moment: Any) -> QuerySet[Post]:
    return Post.all_objects.readable(moment).filter(slug=slug).for_page()


def _of_discussed(slug: Any, moment: Any) -> QuerySet[Post]:
    posts = Post.all_objects.readable(moment).filter(slug=slug).select_related("author__picture")
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


_shown = Compiled(Post, _of_shown)
_post = Compiled(Post, _of_post)
_discussed = Compiled(Post, _of_discussed)
_belongings = Compiled(Post, _of_belongings)
