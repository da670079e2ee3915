"""Counting what was found by category, tag, author and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

from django.db.models import Count, Model, QuerySet
from django.utils import timezone

from ..managers import PostQuerySet
from ..models import Author, Category, Post, Tag, TaggedPost
from .engines import among
from .ranking import Candidate
from .results import Facet, Filters, Results

MAX_VALUES = 20


def passing(filters: Filters) -> list[QuerySet]:
    """For each filter the ids of the posts that it lets through, as `candidates` takes them."""
    only: list[QuerySet] = []
    if filters.category:
        links = Post.categories.through.objects.filter(category__slug=filters.category, category__deleted_at=None)
        only.append(links.values("post"))
    if filters.tag:
        only.append(TaggedPost.objects.filter(tag__slug=filters.tag, tag__deleted_at=None).values("content_object"))
    if filters.author:
        author = Author.objects.filter(slug=filters.author).first()
        only.append(Post.published.listed().by(author).values("pk") if author else Post.objects.none().values("pk"))
    if filters.year is not None:
        only.append(of_year(filters.year).values("pk"))
    return only


def of_year(year: int) -> PostQuerySet:
    """The listed posts of a year, none of one that no calendar has."""
    listed = Post.published.listed()
    return listed.filter(publish_at__year=year) if MINYEAR < year < MAXYEAR else listed.none()


def counted(results: Results, found: Sequence[Candidate], filters: Filters) -> Results:
    """The results with all their facets."""
    ids = [candidate.pk for candidate in found]
    return replace(
        results,
        categories=categories(ids, filters.category),
        tags=tags(ids, filters.tag),
        authors=authors(ids, Counter(candidate.author for candidate in found), filters.author),
        years=years((candidate.published for candidate in found), filters.year),
    )


def categories(ids: list[int], selected: str) -> list[Facet]:
    links = Post.categories.through.objects.filter(post__in=among(ids))
    return _facets(Category.objects, _counts(links, "category"), selected, "name")


def tags(ids: list[int], selected: str) -> list[Facet]:
    links = TaggedPost.objects.filter(content_object__in=among(ids))
    return _facets(Tag.objects, _counts(links, "tag"), selected, "name")


def authors(ids: list[int], own: Counter[int], selected: str) -> list[Facet]:
    shared = _counts(Post.co_authors.through.objects.filter(post__in=among(ids)), "author")
    return _facets(Author.objects, own + shared, selected, "display_name")


def years(moments: Iterable[datetime], selected: int | None) -> list[Facet]:
    """The newest year first."""
    counted = Counter(timezone.localtime(moment).year for moment in moments)
    return [Facet(str(year), str(year), counted[year], year == selected) for year in sorted(counted, reverse=True)]


def _counts(links: Any, field: str) -> Counter[int]:
    return Counter(dict(links.order_by().values_list(field).annotate(number=Count("pk"))))


def _facets(live: Any, counts: Counter[int], selected: str, name: str) -> list[Facet]:
    """The commonest values, those in the trash left out; the selected one is always among them."""
    rows: list[Model] = list(live.filter(pk__in=list(counts)).only("slug", name))
    rows.sort(key=lambda row: (row.slug != selected, -counts[row.pk], getattr(row, name)))  # type: ignore[attr-defined]  # each has a slug
    return [Facet(row.slug, getattr(row, name), counts[row.pk], row.slug == selected) for row in rows[:MAX_VALUES]]  # type: ignore[attr-defined]  # as above
