"""Which posts a search may find at all: listed ones that its filters let through."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, datetime
from functools import cache
from typing import NamedTuple

from django.db import connection
from django.db.models import Manager, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ..compiled import Parameter, as_sent
from ..lists.counts import tally
from ..models import Author, Category, Listing, Post, Tag, TaggedPost, Tally
from .engines import MAX_READ, Condition
from .results import Filters
from .tables import TABLE


class Passing(NamedTuple):
    """What a filter lets through."""

    ids: QuerySet
    """Of one column, each post once."""
    number: QuerySet
    """About how many they are: one row of one column, NULL for none."""
    is_gathered: bool = False
    """Whether they stand near each other, as those of a year do."""


@dataclass(frozen=True)
class Narrowing:
    """Which posts may be found at all: listed ones that each of the filters lets through.

    What a search finds is true of one `moment`, by default that at which this is made. `for_desk` are all posts, in
    the trash or not: whoever asks leaves out what is not to be seen.
    """

    by: Sequence[Passing] = ()
    for_desk: bool = False
    moment: datetime = field(default_factory=timezone.now)

    def __bool__(self) -> bool:
        return bool(self.by)

    def visible(self, key: str) -> Condition:
        """That the post of this id may be seen."""
        return Condition("TRUE", ()) if self.for_desk else listed(key, self.moment)

    def span(self) -> Condition:
        """For SQLite: the lowest and the highest id of what stands together, or else of all that may be found."""
        for one in self.by:
            if one.is_gathered:
                sql, parameters = compiled(one.ids.order_by())
                return Condition(f"SELECT MIN(post_id), MAX(post_id) FROM ({sql})", parameters)  # noqa: S608 -- our own
        return Condition(f"SELECT 0, MAX(post_id) FROM {TABLE}", ())  # noqa: S608 -- our own table

    def condition(self, key: str, *, but: Passing | None = None) -> Condition:
        """SQL to be put behind others: that each of the filters, `but` one, lets the post of this id through."""
        return joined("", (has(one.ids, key) for one in self.by if one is not but))

    def newest(self) -> Condition:
        """For PostgreSQL: the ids of the newest posts that it leaves, `MAX_READ` at most.

        They are looked for along the filter that lets the fewest through. PostgreSQL cannot choose it: it knows how
        many posts a tag has on average, but not which tag is meant, nor how seldom it stands in a category.
        """
        if len(self.by) == 1:
            return self._along(self.by[0])
        sizes = joined(" UNION ALL ", (_size(number, one) for number, one in enumerate(self.by)))
        ways = joined(" UNION ALL ", (self._along(one, number) for number, one in enumerate(self.by)))
        return Condition(
            f"WITH fewest AS MATERIALIZED (SELECT filter FROM ({sizes.sql}) AS sizes "  # noqa: S608 -- our own SQL
            f"ORDER BY COALESCE(size, 0), filter LIMIT 1) {ways.sql}",
            (*sizes.parameters, *ways.parameters),
        )

    def _along(self, way: Passing, number: int | None = None) -> Condition:
        """Put in their order at first, so that no more posts are looked up than it takes."""
        key = "place.post_id"
        ids, seen, narrow = in_order(way.ids), listed(key, self.moment), self.condition(key, but=way)
        chosen = "" if number is None else f" AND (SELECT filter FROM fewest) = {number}"  # noqa: S608 -- the same
        return Condition(
            f"(SELECT post_id FROM ({ids.sql} OFFSET 0) AS place (post_id) "  # noqa: S608 -- our own SQL
            f"WHERE {seen.sql}{narrow.sql}{chosen} LIMIT {MAX_READ})",
            (*ids.parameters, *seen.parameters, *narrow.parameters),
        )


def passing(filters: Filters) -> Narrowing:
    """The posts that all of the filters let through."""
    by: list[Passing] = []
    if filters.category:
        category = _id(Category.objects, filters.category)
        links = Post.categories.through.objects.filter(category=category).values("post_id")
        # With those of the categories below it, which does for an estimate.
        by.append(Passing(links, tally(kind=Listing.Kind.CATEGORY, subject=category)))
    if filters.tag:
        tag = _id(Tag.objects, filters.tag)
        links = TaggedPost.objects.filter(tag=tag).values("content_object_id")
        by.append(Passing(links, tally(kind=Listing.Kind.TAG, subject=tag)))
    places = Listing.objects.filter(kind=Listing.Kind.SITE, subject=0)
    if filters.author:
        author = _id(Author.objects, filters.author)
        places = Listing.objects.filter(kind=Listing.Kind.AUTHOR, subject=author)
        if filters.year is None:
            by.append(Passing(places.values("post_id"), tally(kind=Listing.Kind.AUTHOR, subject=author)))
    if filters.year is not None:
        # All that somebody ever wrote is not looked up for the posts of a year.
        months = tally(kind=Tally.Kind.MONTH, subject__range=(100 * filters.year, 100 * filters.year + 99))
        by.append(Passing(_of_year(places, filters.year).values("post_id"), months, is_gathered=True))
    return Narrowing(by)


def _id(things: Manager, slug: str) -> QuerySet:
    return things.filter(slug=slug).order_by().values("pk")[:1]


def _of_year(places: QuerySet, year: int) -> QuerySet:
    """None in a year that no calendar has."""
    return places.filter(publish_at__year=year) if MINYEAR < year < MAXYEAR else places.none()


def listed(key: str, moment: datetime) -> Condition:
    """That the post of this id is listed at a moment."""
    sql, parameters = _listed(key)
    sent = as_sent(moment, connection)
    return Condition(sql, tuple(sent if isinstance(value, Parameter) else value for value in parameters))


@cache
def _listed(key: str) -> Condition:
    """The same at a moment that is still to be told. To compile it takes longer than a search among few posts."""
    posts = Post.all_objects.listed(Parameter("moment"))
    return _is_there(posts.filter(pk=RawSQL(key, ())).values("pk"))  # noqa: S611 -- a name of our own


def has(ids: QuerySet, key: str) -> Condition:
    """The end of a condition: and that the post of this id is one of these. The key names its table."""
    sql, parameters = _is_there(ids.filter(**{ids.query.values_select[0]: RawSQL(key, ())}))  # noqa: S611 -- as above
    return Condition(f" AND {sql}", parameters)


def _is_there(row: QuerySet) -> Condition:
    """That there is the one row. Not by EXISTS, of which PostgreSQL may make a join with a whole table."""
    sql, parameters = compiled(row.order_by())
    return Condition(f"({sql}) IS NOT NULL", parameters)


def _size(number: int, way: Passing) -> Condition:
    sql, parameters = compiled(way.number)
    return Condition(f"SELECT {number} AS filter, ({sql}) AS size", parameters)


def in_order(ids: QuerySet) -> Condition:
    """The highest first."""
    return compiled(ids.order_by(f"-{ids.query.values_select[0]}"))


def compiled(queryset: QuerySet) -> Condition:
    return Condition(*queryset.query.sql_with_params())


def joined(between: str, parts: Iterable[Condition]) -> Condition:
    parts = list(parts)
    return Condition(
        between.join(part.sql for part in parts), tuple(value for part in parts for value in part.parameters)
    )
