"""What listed posts are about, and by whom. A subject that none of them has stays unknown: its name may be a secret."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from .models import Author, Post


def with_posts(model: type[Any], path: str, at_least: int = 1) -> QuerySet:
    """The rows of a model that listed posts have; `path` is the relation of Post that leads to them."""
    posts = Post.published.listed().filter(**{path: OuterRef("pk")})
    return model.objects.filter(Exists(posts[at_least - 1 : at_least]))


def authors() -> QuerySet[Author]:
    """Whoever has written a listed post, alone or with others."""
    listed = Post.published.listed()
    links = Post.co_authors.through.objects.filter(Exists(listed.filter(pk=OuterRef("post"))))
    own, shared = listed.filter(author=OuterRef("pk")), links.filter(author=OuterRef("pk"))
    return Author.objects.filter(Exists(own) | Exists(shared))
