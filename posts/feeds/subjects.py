"""What each feed of posts is of. A subject is missing (Http404) wherever its page is: its name may be a secret."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from ..managers import PostQuerySet
from ..models import Author, Category, Post, Series, Tag


@dataclass(frozen=True)
class Subject:
    """`path` is its page's; `name` and `description` are empty where they are the site's."""

    path: str
    posts: PostQuerySet
    name: str = ""
    description: str = ""


def site() -> Subject:
    return Subject(reverse("posts:home"), Post.published.syndicated())


def category(slug: str) -> Subject:
    """A category with all below it."""
    found = get_object_or_404(Category.objects, slug=slug)
    posts = Post.published.syndicated().in_categories(found.family())
    return Subject(found.get_absolute_url(), posts, found.name, found.description)


def tag(slug: str) -> Subject:
    found = get_object_or_404(Tag.objects, slug=slug)
    require_any(Post.published.listed().tagged(found))
    return Subject(found.get_absolute_url(), Post.published.syndicated().tagged(found), found.name)


def author(slug: str) -> Subject:
    found = get_object_or_404(Author.objects, slug=slug)
    require_any(Post.published.listed().by(found))
    posts = Post.published.syndicated().by(found)
    return Subject(found.get_absolute_url(), posts, found.display_name, found.bio)


def series(slug: str) -> Subject:
    found = get_object_or_404(Series.objects, slug=slug)
    require_any(Post.published.listed().in_series(found))
    posts = Post.published.syndicated().in_series(found)
    return Subject(found.get_absolute_url(), posts, found.title, found.description)


def require_any(posts: QuerySet) -> None:
    if not posts.exists():
        raise Http404("No listed post is here.")
