"""Which change of which table touches the lists, and what is to be done about it, for either engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from .definition import (
    ALL,
    ANCESTRY,
    CATEGORIES,
    CO_WRITTEN,
    IN_CATEGORY,
    LISTINGS,
    POSTS,
    TAGGED,
    WAY,
    Kind,
    add,
    may_stand,
    remove,
    row,
)

TIMES = ("publish_at", "unpublish_at", "in_feeds")
STANDING = ("status", "visibility", "deleted_at", "author_id", "series_id")


class Hold(Enum):
    """What a rule has to hold for the length of its transaction, where several write at the same time."""

    TREE = "the tree of categories as it is"
    TREE_ALONE = "the tree of categories, and nobody else"


@dataclass(frozen=True)
class Rule:
    """After `event` (INSERT, DELETE or UPDATE of `columns`) of a row of `table` for which `when` holds: `statements`.

    `post` is the id of a post that is to be held before.
    """

    table: str
    event: str
    statements: Sequence[str]
    columns: tuple[str, ...] = ()
    when: str = ""
    hold: Hold | None = None
    post: str = ""
    about: str = ""

    @property
    def name(self) -> str:
        return "_".join(filter(None, (self.table, "lists", self.event.lower(), self.about)))


@dataclass(frozen=True)
class Dialect:
    """Where the engines differ.

    How two values are told apart, NULL being one; where all ways of the tree stand; and the source of the post that a
    rule holds.
    """

    differs: str
    ways: str
    held: str

    def changed(self, columns: Sequence[str]) -> str:
        return f"({' OR '.join(f'OLD.{column} {self.differs} NEW.{column}' for column in columns)})"


def rules(dialect: Dialect) -> Iterator[Rule]:
    yield from of_posts(dialect)
    yield from of_links(dialect, IN_CATEGORY, "post_id", "category_id", (Kind.CATEGORY,))
    yield from of_links(dialect, TAGGED, "content_object_id", "tag_id", (Kind.TAG, Kind.TAG_PAIR))
    yield from of_links(dialect, CO_WRITTEN, "post_id", "author_id", (Kind.AUTHOR,))
    yield from of_categories(dialect)
    yield from of_ancestry()


def of_posts(dialect: Dialect) -> Iterator[Rule]:
    """A change of the text touches nothing. Other times may bring back what had expired and was forgotten."""
    new = add(ALL, row("NEW"))
    yield Rule(POSTS, "INSERT", [new], when=may_stand("NEW"), hold=Hold.TREE)
    concerned = f"(({may_stand('OLD')}) OR ({may_stand('NEW')}))"
    yield Rule(
        POSTS,
        "UPDATE",
        [remove(ALL, "NEW.id", row("NEW")), new],
        columns=STANDING,
        when=f"{concerned} AND {dialect.changed(STANDING)}",
        hold=Hold.TREE,
        about="standing",
    )
    times = ", ".join(f"{column} = NEW.{column}" for column in TIMES)
    yield Rule(
        POSTS,
        "UPDATE",
        [f"UPDATE {LISTINGS} SET {times} WHERE post_id = NEW.id", new],
        columns=TIMES,
        when=f"{may_stand('NEW')} AND {dialect.changed(TIMES)}",
        hold=Hold.TREE,
        about="times",
    )
    yield Rule(POSTS, "DELETE", [f"DELETE FROM {LISTINGS} WHERE post_id = OLD.id"])


def of_links(dialect: Dialect, table: str, post: str, subject: str, kinds: tuple[Kind, ...]) -> Iterator[Rule]:
    """Of what links posts with subjects, whose columns these are."""
    hold = Hold.TREE if Kind.CATEGORY in kinds else None
    new, old = add(kinds, dialect.held, f"post.id = NEW.{post}"), remove(kinds, f"OLD.{post}", dialect.held)
    yield Rule(table, "INSERT", [new], hold=hold, post=f"NEW.{post}")
    yield Rule(table, "UPDATE", [old], columns=(post, subject), hold=hold, post=f"OLD.{post}", about="from")
    yield Rule(table, "UPDATE", [new], columns=(post, subject), hold=hold, post=f"NEW.{post}", about="to")
    yield Rule(table, "DELETE", [old], hold=hold, post=f"OLD.{post}")


def of_categories(dialect: Dialect) -> Iterator[Rule]:
    """Categories are few, and moved seldom: all ways between them are found anew."""
    ways = f"SELECT {WAY} FROM {dialect.ways}"
    find = [
        f"DELETE FROM {ANCESTRY} WHERE ({WAY}) NOT IN ({ways})",
        f"INSERT INTO {ANCESTRY} ({WAY}) {ways} WHERE TRUE ON CONFLICT ({WAY}) DO NOTHING",
    ]
    tree = ("parent_id", "deleted_at")
    yield Rule(CATEGORIES, "INSERT", find, hold=Hold.TREE)
    yield Rule(CATEGORIES, "UPDATE", find, columns=tree, when=dialect.changed(tree), hold=Hold.TREE_ALONE)
    yield Rule(CATEGORIES, "DELETE", find, hold=Hold.TREE)


def of_ancestry() -> Iterator[Rule]:
    """Of a way between two categories. A post that comes there by another way stays."""
    own = "way.category_id = NEW.category_id AND way.above_id = NEW.above_id"
    yield Rule(ANCESTRY, "INSERT", [add((Kind.CATEGORY,), where=own)])
    leave = (
        f"DELETE FROM {LISTINGS} WHERE kind = {Kind.CATEGORY.value} AND subject = OLD.above_id "
        f"AND post_id IN (SELECT post_id FROM {IN_CATEGORY} WHERE category_id = OLD.category_id) "
        f"AND NOT EXISTS (SELECT 1 FROM {IN_CATEGORY} AS link JOIN {ANCESTRY} AS way "
        "ON way.category_id = link.category_id "
        f"WHERE link.post_id = {LISTINGS}.post_id AND way.above_id = OLD.above_id)"
    )
    yield Rule(ANCESTRY, "DELETE", [leave])
