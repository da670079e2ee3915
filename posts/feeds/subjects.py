"""What each feed of posts is of. A subject is missing (Http404) wherever its page is: its name may be a secret."""

from __future__ import annotations

from dataclasses import dataclass

from django.shortcuts import get_object_or_404
from django.urls import reverse

from ..models import Author, Category, Listing, Series, Tag
from ..subjects import KINDS, with_posts


@dataclass(frozen=True)
class Subject:
    """A list (see `models.Listing`) and the `path` of its page; what is empty of the rest is the site's."""

    path: str
    kind: int
    pk: int
    name: str = ""
    description: str = ""


def site() -> Subject:
    return Subject(reverse("posts:home"), Listing.Kind.SITE, 0)


def category(slug: str) -> Subject:
    """A category with all below it."""
    found = get_object_or_404(Category.objects, slug=slug)
    return Subject(found.get_absolute_url(), KINDS[type(found)], found.pk, found.name, found.description)


def tag(slug: str) -> Subject:
    found = get_object_or_404(with_posts(Tag), slug=slug)
    return Subject(found.get_absolute_url(), KINDS[type(found)], found.pk, found.name)


def author(slug: str) -> Subject:
    found = get_object_or_404(with_posts(Author), slug=slug)
    return Subject(found.get_absolute_url(), KINDS[type(found)], found.pk, found.display_name, found.bio)


def series(slug: str) -> Subject:
    found = get_object_or_404(with_posts(Series), slug=slug)
    return Subject(found.get_absolute_url(), KINDS[type(found)], found.pk, found.title, found.description)
