"""What a search is asked and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from ..models import Author, Category, Post


@dataclass(frozen=True)
class Filters:
    """Only posts of this category, tag and author, by their slugs, and of this year."""

    category: str = ""
    tag: str = ""
    author: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Hit:
    """A post with its title and a stretch of its text, the words found in <mark>.

    Who wrote it and its categories, each with what a link shows, come with the facets.
    """

    post: Post
    title: SafeString
    snippet: SafeString
    byline: Sequence[Author] = ()
    categories: Sequence[Category] = ()


@dataclass(frozen=True)
class Facet:
    """How many of the finds have this value of a filter."""

    value: str
    name: str
    count: int
    is_selected: bool


@dataclass(frozen=True)
class Results:
    """A page of finds. Capped: there are more than were looked at, and total and counts are of those.

    `suggestion` is "", or a query that is spelt better and does find something.
    """

    query: str
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    is_capped: bool = False
    categories: list[Facet] = field(default_factory=list)
    tags: list[Facet] = field(default_factory=list)
    authors: list[Facet] = field(default_factory=list)
    years: list[Facet] = field(default_factory=list)
    suggestion: str = ""
