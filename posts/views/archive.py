"""What was published when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractMonth, ExtractYear
from django.http import Http404
from django.utils import timezone
from django.views.generic import TemplateView

from ..managers import PostQuerySet
from ..models import Category, Post
from .lists import PostListView


class PeriodView(PostListView):
    """The posts of one year or month of the site's time zone, newest first."""

    def get_period(self) -> tuple[datetime, datetime]:
        """The first moment of the period, and the first one after it."""
        raise NotImplementedError

    def get_posts(self) -> PostQuerySet:
        start, end = self.get_period()
        return Post.published.listed().filter(publish_at__gte=start, publish_at__lt=end)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        months = months_with_posts(self.get_posts())
        if not months:
            raise Http404("Nothing was published then.")
        count = sum(month["count"] for month in months)
        return context | {"start": self.get_period()[0], "months": months, "count": count}


class YearView(PeriodView):
    template_name = "posts/year.html"

    def get_period(self) -> tuple[datetime, datetime]:
        year = self.kwargs["year"]
        return first_moment(year, 1), first_moment(year + 1, 1)


class MonthView(PeriodView):
    template_name = "posts/month.html"

    def get_period(self) -> tuple[datetime, datetime]:
        year, month = self.kwargs["year"], self.kwargs["month"]
        return first_moment(year, month), first_moment(year + month // 12, month % 12 + 1)


class ArchiveView(TemplateView):
    """Every month with posts, and every category."""

    template_name = "posts/archive.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        months = months_with_posts(Post.published.listed())
        categories = Category.objects.order_by("name")
        return super().get_context_data(months=months, categories=categories, **kwargs)


def months_with_posts(posts: PostQuerySet) -> list[dict[str, Any]]:
    """The months of the site's time zone that have posts, newest first: `{"month": date, "count": n}`."""
    zone = timezone.get_current_timezone()
    rows = (
        posts.order_by()
        .values(y=ExtractYear("publish_at"), m=ExtractMonth("publish_at"))
        .annotate(count=Count("pk"))
        .order_by("-y", "-m")
    )
    return [{"month": datetime(row["y"], row["m"], 1, tzinfo=zone), "count": row["count"]} for row in rows]


def first_moment(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=timezone.get_current_timezone())
