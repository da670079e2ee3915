"""What was published when."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from .. import breadcrumbs
from ..archive import Month, Period, count_within, months_with_posts, period_of, within, year_of, years_since_oldest
from ..managers import PostQuerySet
from ..models import Category, Post
from ..pagination import narrowed
from .lists import PostListView


class PeriodView(PostListView):
    """The posts of one year or month of the site's time zone, newest first."""

    period: Period

    def get_posts(self) -> PostQuerySet:
        return narrowed(Post.published.listed(), within(self.period))

    def get_context_data(self, *, count: int, **kwargs: Any) -> dict[str, Any]:
        if not count:
            raise Http404("Nothing was published then.")
        return super().get_context_data(count=count, start=self.period.start, **kwargs)


class YearView(PeriodView):
    template_name = "posts/year.html"

    def get_context_data(self, *, year: int, **kwargs: Any) -> dict[str, Any]:
        self.period = year_of(year)
        months = months_with_posts([year])
        way = breadcrumbs.to_archive()
        return super().get_context_data(count=total(months), months=months, breadcrumbs=way, **kwargs)


class MonthView(PeriodView):
    template_name = "posts/month.html"

    def get_context_data(self, *, year: int, month: int, **kwargs: Any) -> dict[str, Any]:
        self.period = period_of(year, month)
        [count] = count_within([self.period])
        return super().get_context_data(count=count, breadcrumbs=breadcrumbs.to_year(year), **kwargs)


class ArchiveView(TemplateView):
    """Every month with posts, and every category."""

    template_name = "posts/archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = months_with_posts(years_since_oldest())
        return super().get_context_data(
            months=months,
            count=total(months),
            categories=Category.objects.order_by("name"),
            breadcrumbs=breadcrumbs.home(),
            **kwargs,
        )


def total(months: list[Month]) -> int:
    return sum(month.count for month in months)
