"""A series from its first part to its last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from ..compiled import Compiled
from ..entries import COLUMNS, Entry, entries_of
from ..models import Post, Series
from ..ways import breadcrumbs
from ..ways.sequences import extent_of
from .lists import ContentView

PARTS_PER_PAGE = 100
# The first page has no number, and no other spelling.
PAGE_NUMBER = re.compile(r"[2-9]|[1-9][0-9]{1,4}", re.ASCII)


def _parts_from(start: int, end: int, series: Any, moment: Any) -> QuerySet:
    parts = Post.all_objects.listed(moment).in_series(series)
    return parts.values_list(*COLUMNS)[start:end]


_series = Compiled(Series, lambda slug: Series.objects.filter(slug=slug))
_parts = Compiled(Post, _parts_from)


def extent(parts: Sequence[Entry]) -> tuple[int, int]:
    """How many these are, and the minutes that it takes to read them."""
    return len(parts), sum(part.reading_minutes for part in parts)


class SeriesView(ContentView):
    """A page of a series, whose parts have numbers; how many there are, and how long they take to read."""

    template_name = "posts/series.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        series = next(iter(_series.instances(slug=self.kwargs["slug"])), None)
        if series is None:
            raise Http404("There is no such series.")
        number, now = self.page_number(), timezone.now()
        start, end = (number - 1) * PARTS_PER_PAGE, number * PARTS_PER_PAGE
        whole = extent_of(series, now) if start else None
        # For each place to begin at, a query is compiled.
        is_beyond = whole is not None and start >= whole[0]
        parts = () if is_beyond else entries_of(_parts.rows(start, end, series=series.pk, moment=now))
        if not parts:
            raise Http404("No listed part is here.")
        total, minutes = whole or (extent(parts) if len(parts) < PARTS_PER_PAGE else extent_of(series, now))
        return super().get_context_data(
            series=series,
            parts=parts,
            first_number=start + 1,
            total=total,
            minutes=minutes,
            page_number=number,
            next_page=number + 1 if end < total else None,
            breadcrumbs=breadcrumbs.home(),
            **kwargs,
        )

    def page_number(self) -> int:
        """Raises Http404 for anything but the one spelling of a further page."""
        text = self.request.GET.get("page")
        if text is None:
            return 1
        if not PAGE_NUMBER.fullmatch(text):
            raise Http404("There is no such page.")
        return int(text)
