"""The way to a page from the top of the site, without the page itself."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from ..addresses import Link
from ..models import Category, Post

ABOVE = "parent__parent__parent"
"""As many levels of categories as a way shows above one, for `select_related`."""


def home() -> list[Link]:
    return [Link(_("Home"), reverse("posts:home"))]


def to_archive() -> list[Link]:
    return [*home(), Link(_("Archive"), reverse("posts:archive"))]


def to_year(year: int) -> list[Link]:
    return [*to_archive(), Link(str(year), reverse("posts:year", args=[year]))]


def to_tags() -> list[Link]:
    return [*home(), Link(_("Tags"), reverse("posts:tags"))]


def to_authors() -> list[Link]:
    return [*home(), Link(_("Authors"), reverse("posts:authors"))]


def to_category(category: Category) -> list[Link]:
    """By way of the live categories above one that was read with `ABOVE`."""
    above: list[Link] = []
    parent = category.parent
    for _level in ABOVE.split("__"):
        if parent is None or parent.is_trashed:
            break
        above.insert(0, Link(parent.name, parent.get_absolute_url()))
        parent = parent.parent if Category.parent.is_cached(parent) else None
    return [*home(), *above]


def to_post(category: Category | None) -> list[Link]:
    """By way of the category under which a post stands first."""
    if category is None:
        return home()
    return [*to_category(category), Link(category.name, category.get_absolute_url())]


def first_category(post: Post) -> Category | None:
    """Of the categories that were read with the post; with those above it, by one query where it has any."""
    first = next(iter(post.categories.all()), None)
    if first is None or first.parent_id is None:
        return first
    return Category.objects.select_related(ABOVE).filter(pk=first.pk).first()
