"""What listed posts are about, and by whom. A subject that none of them has stays unknown: its name may be a secret."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery

from .managers import Moment
from .models import Author, Category, Listing, Post, Series, Tag

KINDS: dict[type[Model], Listing.Kind] = {
    Category: Listing.Kind.CATEGORY,
    Tag: Listing.Kind.TAG,
    Author: Listing.Kind.AUTHOR,
    Series: Listing.Kind.SERIES,
}
"""Which lists are those of a model's rows."""


def with_posts(model: type[Any], at_least: int = 1, moment: Moment | None = None) -> QuerySet:
    """The live rows of a model that have so many listed posts.

    The newest of each are looked up in its list; EXISTS would let PostgreSQL join all posts with all places first.
    """
    posts = Post.all_objects.in_list(KINDS[model], OuterRef("pk"), moment).values("pk")
    return model.objects.alias(listed=Subquery(posts[at_least - 1 : at_least])).filter(listed__isnull=False)
