"""What was published when."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.http import Http404
from django.utils.functional import cached_property

from ..addresses import path_to
from ..compiled import Compiled
from ..entries import Entry, page_in
from ..lists.stretches import Period
from ..models import Category, Listing
from ..pagination import Slice
from ..ways import breadcrumbs
from ..ways.archive import Month, count_within, months_with_posts, period_of, year_of
from .lists import ContentView, PostListView


class PeriodView(PostListView):
    """The posts of one year or month of the site's time zone, newest first."""

    @property
    def period(self) -> Period:
        raise NotImplementedError

    def count_posts(self) -> int:
        return count_within(self.period)

    def get_page(self) -> Slice[Entry]:
        return page_in(self.request, self.size, Listing.Kind.SITE, period=self.period)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        count = self.count_posts()
        if not count:
            raise Http404("Nothing was published then.")
        return super().get_context_data(**kwargs, count=count, start=self.period.start)


class YearView(PeriodView):
    template_name = "posts/year.html"

    @property
    def period(self) -> Period:
        return year_of(self.kwargs["year"])

    @cached_property
    def months(self) -> tuple[Month, ...]:
        return months_with_posts(range(self.kwargs["year"], self.kwargs["year"] + 1))

    def count_posts(self) -> int:
        return total(self.months)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, months=self.months, breadcrumbs=breadcrumbs.to_archive())


class MonthView(PeriodView):
    template_name = "posts/month.html"

    @property
    def period(self) -> Period:
        return period_of(self.kwargs["year"], self.kwargs["month"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, breadcrumbs=breadcrumbs.to_year(self.kwargs["year"]))


class Shelf(NamedTuple):
    """A category, as the archive lists it."""

    name: str
    slug: str
    description: str

    @property
    def url(self) -> str:
        return path_to("posts:category", self.slug)


_shelves = Compiled(Category, lambda: Category.objects.order_by("name").values_list(*Shelf._fields))


class ArchiveView(ContentView):
    """Every month with posts, and every category."""

    template_name = "posts/archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = months_with_posts()
        years = [(year, tuple(some)) for year, some in groupby(months, key=lambda month: month.month.year)]
        return super().get_context_data(
            years=years,
            count=total(months),
            categories=tuple(map(Shelf._make, _shelves.rows())),
            breadcrumbs=breadcrumbs.home(),
            **kwargs,
        )


def total(months: Iterable[Month]) -> int:
    return sum(month.count for month in months)
