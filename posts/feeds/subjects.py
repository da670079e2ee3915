"""What each feed of posts is of. A subject is missing (Http404) wherever its page is: its name may be a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from ..managers import PostQuerySet
from ..models import Author, Category, Listing, Post, Series, Tag
from ..subjects import KINDS, with_posts


@dataclass(frozen=True)
class Subject:
    """`path` is its page's; `name` and `description` are empty where they are the site's."""

    path: str
    posts: PostQuerySet
    name: str = ""
    description: str = ""


def site() -> Subject:
    return Subject(reverse("posts:home"), Post.published.in_feed(Listing.Kind.SITE, 0))


def category(slug: str) -> Subject:
    """A category with all below it."""
    found = get_object_or_404(Category.objects, slug=slug)
    return Subject(found.get_absolute_url(), posts_of(found), found.name, found.description)


def tag(slug: str) -> Subject:
    found = get_object_or_404(with_posts(Tag), slug=slug)
    return Subject(found.get_absolute_url(), posts_of(found), found.name)


def author(slug: str) -> Subject:
    found = get_object_or_404(with_posts(Author), slug=slug)
    return Subject(found.get_absolute_url(), posts_of(found), found.display_name, found.bio)


def series(slug: str) -> Subject:
    found = get_object_or_404(with_posts(Series), slug=slug)
    return Subject(found.get_absolute_url(), posts_of(found), found.title, found.description)


def posts_of(subject: Any) -> PostQuerySet:
    return Post.published.in_feed(KINDS[type(subject)], subject.pk)
