"""Counting what was found by category, tag, author and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import NamedTuple

from django.db.models import Count, F, QuerySet, Value
from django.utils import timezone

from ..managers import PostQuerySet
from ..models import Author, Listing, Post, TaggedPost
from .engines import among
from .ranking import Candidate
from .results import Facet, Filters, Results

MAX_VALUES = 20


class Named(NamedTuple):
    """A category, tag or author."""

    kind: str
    slug: str
    name: str


def passing(filters: Filters) -> list[QuerySet]:
    """For each filter the ids of the posts that it lets through, for a `Narrowing`."""
    only: list[QuerySet] = []
    if filters.category:
        links = Post.categories.through.objects.filter(category__slug=filters.category, category__deleted_at=None)
        only.append(links.values("post"))
    if filters.tag:
        only.append(TaggedPost.objects.filter(tag__slug=filters.tag, tag__deleted_at=None).values("content_object"))
    if filters.author:
        authors = Author.objects.filter(slug=filters.author).values("pk")
        only.append(Listing.objects.filter(kind=Listing.Kind.AUTHOR, subject__in=authors).values("post_id"))
    if filters.year is not None:
        only.append(of_year(filters.year).values("pk"))
    return only


def of_year(year: int) -> PostQuerySet:
    """The listed posts of a year, none of one that no calendar has."""
    listed = Post.published.listed()
    return listed.filter(publish_at__year=year) if MINYEAR < year < MAXYEAR else listed.none()


def counted(results: Results, found: Sequence[Candidate], filters: Filters) -> Results:
    """The results with all their facets."""
    counts = _counts([candidate.pk for candidate in found]) if found else {}
    return replace(
        results,
        categories=_facets(counts, "category", filters.category),
        tags=_facets(counts, "tag", filters.tag),
        authors=_facets(counts, "author", filters.author),
        years=years((candidate.published for candidate in found), filters.year),
    )


def years(moments: Iterable[datetime], selected: int | None) -> list[Facet]:
    """The newest year first."""
    here = timezone.get_current_timezone()
    counted = Counter(moment.astimezone(here).year for moment in moments)
    return [Facet(str(year), str(year), counted[year], year == selected) for year in sorted(counted, reverse=True)]


def _counts(ids: list[int]) -> Counter[Named]:
    """How many of these posts have each category, tag and author that is not in the trash, by one query."""
    links = [
        _numbered(Post.categories.through.objects.filter(post__in=among(ids)), "category", "name"),
        _numbered(TaggedPost.objects.filter(content_object__in=among(ids)), "tag", "name"),
        _numbered(Post.objects.filter(pk__in=among(ids)), "author", "display_name"),
        _numbered(Post.co_authors.through.objects.filter(post__in=among(ids)), "author", "display_name"),
    ]
    counts: Counter[Named] = Counter()
    for kind, slug, name, number in links[0].union(*links[1:], all=True):
        counts[Named(kind, slug, name)] += number
    return counts


def _numbered(links: QuerySet, kind: str, name: str) -> QuerySet:
    live = links.order_by().filter(**{f"{kind}__deleted_at": None})
    named = live.values(kind=Value(kind), value=F(f"{kind}__slug"), label=F(f"{kind}__{name}"))
    return named.annotate(number=Count("pk")).values_list("kind", "value", "label", "number")


def _facets(counts: Mapping[Named, int], kind: str, selected: str) -> list[Facet]:
    """The commonest values; the selected one is always among them."""
    own = [
        Facet(one.slug, one.name, number, one.slug == selected) for one, number in counts.items() if one.kind == kind
    ]
    return sorted(own, key=lambda facet: (not facet.is_selected, -facet.count, facet.name))[:MAX_VALUES]
