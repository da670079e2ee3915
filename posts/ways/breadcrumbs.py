"""The way to a page from the top of the site, without the page itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ..addresses import Link, path_to
from ..models import Category

ABOVE = "parent__parent__parent"
"""As many levels of categories as a way shows above one, for `select_related`."""


def home() -> tuple[Link, ...]:
    return (Link(_("Home"), path_to("posts:home")),)


def to_archive() -> tuple[Link, ...]:
    return (*home(), Link(_("Archive"), path_to("posts:archive")))


def to_year(year: int) -> tuple[Link, ...]:
    return (*to_archive(), Link(str(year), path_to("posts:year", year)))


def to_tags() -> tuple[Link, ...]:
    return (*home(), Link(_("Tags"), path_to("posts:tags")))


def to_authors() -> tuple[Link, ...]:
    return (*home(), Link(_("Authors"), path_to("posts:authors")))


def to_category(category: Category) -> tuple[Link, ...]:
    """By way of the live categories above one that was read with `ABOVE`."""
    above: list[Link] = []
    parent = category.parent
    for _level in ABOVE.split("__"):
        if parent is None or parent.is_trashed:
            break
        above.insert(0, Link(parent.name, parent.get_absolute_url()))
        parent = parent.parent if Category.parent.is_cached(parent) else None
    return (*home(), *above)


def to_post(category: Category | None) -> tuple[Link, ...]:
    """By way of the category under which a post stands first."""
    if category is None:
        return home()
    return (*to_category(category), Link(category.name, category.get_absolute_url()))


def with_those_above(category: Category | None) -> Category | None:
    """The category, with those above it; by one query where they are not known."""
    if category is None or category.parent_id is None or Category.parent.is_cached(category):
        return category
    return Category.objects.select_related(ABOVE).filter(pk=category.pk).first()
