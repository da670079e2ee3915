"""The menus of the site: what its editors chose, or the usual links where they chose nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from ..addresses import Link
from ..models import Category, MenuItem, Page

MAX_ITEMS = 100


@dataclass(frozen=True)
class Menus:
    header: list[Link]
    footer: list[Link]


def load() -> Menus:
    """Both menus, by one query."""
    chosen: dict[str, list[Link]] = {MenuItem.Place.HEADER: [], MenuItem.Place.FOOTER: []}
    for item in shown_items():
        chosen[item.place].append(Link(str(item), item.get_absolute_url()))
    return Menus(header=chosen[MenuItem.Place.HEADER] or usual_links(), footer=chosen[MenuItem.Place.FOOTER])


def shown_items() -> list[MenuItem]:
    """The items in their order, without those whose page is not published, and whose category lies in the trash."""
    leads_to_page = Q(page=None) | Q(page__in=Page.published.order_by())
    leads_to_category = Q(category=None) | Q(category__in=Category.objects.order_by())
    items = MenuItem.objects.filter(leads_to_page, leads_to_category).select_related("page", "category")
    names = ("page__title", "page__slug", "category__name", "category__slug")
    return list(items.only("place", "label", "address", *names)[:MAX_ITEMS])


def usual_links() -> list[Link]:
    return [Link(_("Archive"), reverse("posts:archive")), Link(_("Feeds"), reverse("posts:feeds"))]
