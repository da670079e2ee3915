"""Whole pages as HTML: drawn once for as long as they show the same, whatever else on the site changes meanwhile.

A post that is published may belong on any list, so that each has to be looked up anew. But on most of them nothing has
changed, and to compare what they show takes much less time than to draw it.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Model
from django.template import Context
from django.template.engine import Engine
from django.utils.safestring import SafeString

from .compiled import Found
from .context_processors import site
from .middleware import SiteRequest
from .remembered import Remembered
from .stencils import Same, circumstances
from .ways import menus

# In bytes, of each process: some hundred pages.
ROOM = 4 * 2**20


@dataclass(frozen=True)
class Read[Row: Model]:
    """A row of a model, equal to another of which the database has told the same."""

    found: Found
    it: Row = field(compare=False)


@dataclass(frozen=True)
class WholePage:
    """What a page shows, by the names that its template has for it."""

    template_name: str
    values: tuple[tuple[str, Hashable], ...]
    circumstances: tuple[Hashable, ...]


def drawn(request: SiteRequest, template_name: str, **values: Hashable) -> SafeString:
    """A template with these values, and with those that are the same on all pages; it does not see the request.

    A row is given as `Read`: by itself it equals all earlier states of it, and would be shown as it was in one of them.
    """
    around = site(request) | {"site": Same(request.site_settings), "menus": menus.of(request)}
    page = WholePage(template_name, tuple((around | values).items()), circumstances())
    return _draw(page) if settings.DEBUG else _drawn(page)


def _draw(page: WholePage) -> SafeString:
    values = {name: value.it if isinstance(value, Same | Read) else value for name, value in page.values}
    if rows := [name for name, value in page.values if isinstance(value, Model)]:
        raise TypeError(f"{page.template_name} was given rows of models: give {', '.join(rows)} as Read.")
    return Engine.get_default().get_template(page.template_name).render(Context(values))


_drawn = Remembered(_draw, ROOM)


def forget() -> None:
    """For tests that change what is otherwise settled once the process runs."""
    _drawn.forget()
