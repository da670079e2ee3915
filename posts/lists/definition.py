"""What stands in which list, in SQL that both engines read: the one home of it, for triggers, filling and checking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..models import Ancestry, Category, Listing, Post, TaggedPost
from ..models.listing import PAIR
from ..models.post import LISTED

POSTS = Post._meta.db_table
LISTINGS = Listing._meta.db_table
ANCESTRY = Ancestry._meta.db_table
CATEGORIES = Category._meta.db_table
IN_CATEGORY = Post.categories.through._meta.db_table
CO_WRITTEN = Post.co_authors.through._meta.db_table
TAGGED = TaggedPost._meta.db_table

KEY = "kind, subject, post_id"
COLUMNS = f"{KEY}, publish_at, unpublish_at, in_feeds"

WAY = "category_id, above_id"

Kind = Listing.Kind


@dataclass(frozen=True)
class Membership:
    """A way into the lists of a kind: what a post is joined with, and the subject that this leads to."""

    kind: Kind
    subject: str
    join: str = ""


MEMBERSHIPS = (
    Membership(Kind.SITE, "0"),
    Membership(
        Kind.CATEGORY,
        "way.above_id",
        f"JOIN {IN_CATEGORY} AS link ON link.post_id = post.id "
        f"JOIN {ANCESTRY} AS way ON way.category_id = link.category_id",
    ),
    Membership(Kind.TAG, "link.tag_id", f"JOIN {TAGGED} AS link ON link.content_object_id = post.id"),
    Membership(
        Kind.TAG_PAIR,
        f"link.tag_id * {PAIR} + other.tag_id",
        f"JOIN {TAGGED} AS link ON link.content_object_id = post.id "
        f"JOIN {TAGGED} AS other ON other.content_object_id = post.id AND other.tag_id > link.tag_id",
    ),
    Membership(Kind.AUTHOR, "post.author_id"),
    Membership(Kind.AUTHOR, "link.author_id", f"JOIN {CO_WRITTEN} AS link ON link.post_id = post.id"),
    Membership(Kind.SERIES, "post.series_id"),
)
ALL = tuple(Kind)


def may_stand(row: str) -> str:
    """That nothing but the clock keeps a row of posts out of lists: the condition `LISTED` in SQL."""
    fields: dict[str, str | None] = dict(LISTED.children)  # type: ignore[arg-type]  # each is a name with a value
    return " AND ".join(
        f"{row}.{name} IS NULL" if value is None else f"{row}.{name} = '{value}'" for name, value in fields.items()
    )


ANY = f"{POSTS} AS post"
NEEDED = (
    "id", "status", "visibility", "deleted_at", "publish_at", "unpublish_at", "in_feeds", "author_id", "series_id"
)  # fmt: skip


def row(record: str) -> str:
    """A source of one post, which a trigger has before it: the database need not look for it, nor plan how."""
    return f"(SELECT {', '.join(f'{record}.{column} AS {column}' for column in NEEDED)}) AS post"


def places(kinds: Iterable[Kind], post: str = ANY, where: str = "TRUE") -> str:
    """A SELECT of `COLUMNS`: the places of the posts of a source for which `where` holds, some more than once."""
    wanted = [membership for membership in MEMBERSHIPS if membership.kind in tuple(kinds)]
    return " UNION ALL ".join(
        f"SELECT {way.kind.value} AS kind, {way.subject} AS subject, post.id AS post_id, "
        f"post.publish_at, post.unpublish_at, post.in_feeds FROM {post} {way.join} "
        f"WHERE {may_stand('post')} AND {way.subject} IS NOT NULL AND {where}"
        for way in wanted
    )


def add(kinds: Iterable[Kind], post: str = ANY, where: str = "TRUE") -> str:
    """The statement that adds the missing places of these posts."""
    return f"INSERT INTO {LISTINGS} ({COLUMNS}) {places(kinds, post, where)} ON CONFLICT ({KEY}) DO NOTHING"


def remove(kinds: Iterable[Kind], key: str, post: str = ANY) -> str:
    """The statement that takes away the places of one post, with the id `key`, that it has no more."""
    kinds = tuple(kinds)
    numbers = ", ".join(str(kind.value) for kind in kinds)
    return (
        f"DELETE FROM {LISTINGS} WHERE post_id = {key} AND kind IN ({numbers}) AND (kind, subject) NOT IN "
        f"(SELECT kind, subject FROM ({places(kinds, post, f'post.id = {key}')}) AS there)"
    )


WAYS = (
    f"WITH RECURSIVE way (category_id, above_id, goes_on) AS (SELECT id, id, deleted_at IS NULL FROM {CATEGORIES} "
    f"UNION SELECT way.category_id, above.id, above.deleted_at IS NULL FROM way "
    f"JOIN {CATEGORIES} AS below ON below.id = way.above_id JOIN {CATEGORIES} AS above ON above.id = below.parent_id "
    "WHERE way.goes_on) SELECT DISTINCT category_id, above_id FROM way"
)
"""What `Ancestry` holds: from each category to itself and to those above, past none that lies in the trash.

UNION ends at a circle, which a form refuses but no constraint can.
"""
