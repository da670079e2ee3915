"""The menus of the site: what its editors chose, or the usual links where they chose nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from ..addresses import Link, path_to
from ..generation import SITE
from ..models import Category, MenuItem, Page
from ..state import Kept

MAX_ITEMS = 100


@dataclass(frozen=True)
class Menus:
    """`here` is the address in them that is the page's own, or "" on all pages that they do not name."""

    header: tuple[Link, ...]
    footer: tuple[Link, ...]
    here: str = ""


def load() -> Menus:
    """What the editors chose for both menus, by one query."""
    chosen: dict[str, list[Link]] = {MenuItem.Place.HEADER: [], MenuItem.Place.FOOTER: []}
    for item in shown_items():
        chosen[item.place].append(Link(str(item), item.get_absolute_url()))
    return Menus(tuple(chosen[MenuItem.Place.HEADER]), tuple(chosen[MenuItem.Place.FOOTER]))


chosen_menus = Kept(load, (SITE,))


def of(request: HttpRequest) -> Menus:
    """Both menus as this request's page shows them, in its language."""
    chosen = chosen_menus.get(request)
    header, path = chosen.header or usual_links(), iri_to_uri(request.path)
    here = path if any(link.url == path for link in (*header, *chosen.footer)) else ""
    return Menus(header, chosen.footer, here)


def shown_items() -> list[MenuItem]:
    """The items in their order, without those whose page is not published, and whose category lies in the trash."""
    leads_to_page = Q(page=None) | Q(page__in=Page.published.order_by())
    leads_to_category = Q(category=None) | Q(category__in=Category.objects.order_by())
    items = MenuItem.objects.filter(leads_to_page, leads_to_category).select_related("page", "category")
    names = ("page__title", "page__slug", "category__name", "category__slug")
    return list(items.only("place", "label", "address", *names)[:MAX_ITEMS])


def usual_links() -> tuple[Link, ...]:
    return (Link(_("Archive"), path_to("posts:archive")), Link(_("Feeds"), path_to("posts:feeds")))
