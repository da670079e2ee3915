"""Counting what was found by category, tag, author and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Value
from django.utils import timezone

from ..models import Author, Category, Post, TaggedPost
from .engines import among
from .ranking import Candidate
from .results import Facet, Filters, Hit, Results

MAX_VALUES = 20

_COLUMNS = ("kind", "value", "label", "shown", "key", "number")
_NONE = Value(0)


class Named(NamedTuple):
    """A category, tag or author."""

    kind: str
    slug: str
    name: str


class Found(NamedTuple):
    """How many finds have each category, tag and author; and the categories and co-authors of those that are shown."""

    counts: Counter[Named]
    categories: dict[int, list[Category]]
    co_authors: dict[int, list[Author]]


def counted(results: Results, found: Sequence[Candidate], filters: Filters) -> Results:
    """The results with all their facets, and the finds that are shown with what they link to. One query."""
    if not found:
        return results
    counts, categories, co_authors = _found([one.pk for one in found], [hit.post.pk for hit in results.hits])
    return replace(
        results,
        hits=[_linked(hit, co_authors.get(hit.post.pk, []), categories.get(hit.post.pk, [])) for hit in results.hits],
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


def _linked(hit: Hit, co_authors: list[Author], categories: list[Category]) -> Hit:
    others = [author for author in co_authors if author.pk != hit.post.author_id]
    return replace(hit, byline=[hit.post.author, *others], categories=categories)


def _found(ids: list[int], shown: list[int]) -> Found:
    """What is not in the trash of all this, by one query."""
    found = Found(Counter(), {}, {})
    for kind, slug, name, post, pk, number in _rows(ids, shown):
        if not post:
            found.counts[Named(kind, slug, name)] += number
        elif kind == "category":
            found.categories.setdefault(post, []).append(Category(pk=pk, slug=slug, name=name))
        else:
            found.co_authors.setdefault(post, []).append(Author(pk=pk, slug=slug, display_name=name))
    return found


def _rows(ids: list[int], shown: list[int]) -> QuerySet:
    """In the order of their names. Those that count have no post."""
    # Who wrote a post may be called its co-author as well: it counts once.
    others = Post.co_authors.through.objects.exclude(author=F("post__author"))
    links = [
        _numbered(Post.categories.through.objects.filter(post__in=among(ids)), "category", "name"),
        _numbered(TaggedPost.objects.filter(content_object__in=among(ids)), "tag", "name"),
        _numbered(Post.objects.filter(pk__in=among(ids)), "author", "display_name"),
        _numbered(others.filter(post__in=among(ids)), "author", "display_name"),
        _of_each(Post.categories.through.objects.filter(post__in=among(shown)), "category", "name"),
        _of_each(Post.co_authors.through.objects.filter(post__in=among(shown)), "author", "display_name"),
    ]
    return links[0].union(*links[1:], all=True).order_by("label", "key")


def _numbered(links: QuerySet, kind: str, name: str) -> QuerySet:
    return _named(links, kind, name, shown=_NONE, key=_NONE).annotate(number=Count("pk")).values_list(*_COLUMNS)


def _of_each(links: QuerySet, kind: str, name: str) -> QuerySet:
    return _named(links, kind, name, shown=F("post_id"), key=F(f"{kind}_id"), number=_NONE).values_list(*_COLUMNS)


def _named(links: QuerySet, kind: str, name: str, **more: Any) -> QuerySet:
    live = links.order_by().filter(**{f"{kind}__deleted_at": None})
    return live.values(kind=Value(kind), value=F(f"{kind}__slug"), label=F(f"{kind}__{name}"), **more)


def _facets(counts: Mapping[Named, int], kind: str, selected: str) -> list[Facet]:
    """The commonest values; the selected one is always among them."""
    own = [
        Facet(one.slug, one.name, number, one.slug == selected) for one, number in counts.items() if one.kind == kind
    ]
    return sorted(own, key=lambda facet: (not facet.is_selected, -facet.count, facet.name))[:MAX_VALUES]
