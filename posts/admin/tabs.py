"""Where a row stands, as tabs above the list of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy


class TabFilter(admin.SimpleListFilter):
    """One choice of a few; templates/admin/posts/change_list.html draws it."""

    title = gettext_lazy("state")
    without_choice = gettext_lazy("All")
    """What the list shows when nothing is chosen."""

    @property
    def tabs(self) -> Iterator[dict[str, Any]]:
        """Each starts afresh: what was looked for within another stays behind."""
        for value, display in [("", self.without_choice), *self.lookup_choices]:
            query = f"?{self.parameter_name}={value}" if value else "?"
            yield {"selected": (self.value() or "") == value, "query_string": query, "display": display}
