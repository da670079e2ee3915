"""Counting what was found by category, tag, author and year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Model
from django.utils import timezone

from ..managers import PostQuerySet
from ..models import Author, Category, Post, Tag, TaggedPost
from .ranking import Candidate
from .results import Facet, Filters, Results

MAX_VALUES = 20


def narrowed(posts: PostQuerySet, filters: Filters) -> PostQuerySet:
    """Only the posts that all filters let through; none for a category, tag or author that is not there."""
    if filters.category:
        posts = posts.in_categories(list(Category.objects.filter(slug=filters.category).values_list("pk", flat=True)))
    if filters.tag:
        tag = Tag.objects.filter(slug=filters.tag).first()
        posts = posts.tagged(tag) if tag else posts.none()
    if filters.author:
        author = Author.objects.filter(slug=filters.author).first()
        posts = posts.by(author) if author else posts.none()
    if filters.year is not None:
        posts = posts.filter(publish_at__year=filters.year) if 1 < filters.year < 9999 else posts.none()
    return posts


def counted(results: Results, found: Sequence[Candidate], filters: Filters) -> Results:
    ids = [candidate.pk for candidate in found]
    return replace(
        results,
        categories=categories(ids, filters.category),
        tags=tags(ids, filters.tag),
        authors=authors(ids, filters.author),
        years=years((candidate.published for candidate in found), filters.year),
    )


def categories(ids: list[int], selected: str) -> list[Facet]:
    links = Post.categories.through.objects.filter(post__in=ids)
    return _facets(Category.objects, _counts(links, "category"), selected, "name")


def tags(ids: list[int], selected: str) -> list[Facet]:
    links = TaggedPost.objects.filter(content_object__in=ids)
    return _facets(Tag.objects, _counts(links, "tag"), selected, "name")


def authors(ids: list[int], selected: str) -> list[Facet]:
    own = _counts(Post.published.listed().filter(pk__in=ids), "author")
    shared = _counts(Post.co_authors.through.objects.filter(post__in=ids), "author")
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
