"""The public pages. Lists start from `Post.published.listed()`; a single post from what its reader may read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Model, QuerySet
from django.db.models.functions import ExtractMonth, ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from .managers import PostQuerySet
from .middleware import SiteRequest
from .models import Author, Category, Page, Post, Series, Tag
from .pagination import Position, paginate
from .search import search, words

MAX_PINNED = 5
MAX_RESULTS = 50
MAX_SERIES_PARTS = 200


class PostListView(TemplateView):
    """A list of posts, newest first, one page of it at a time."""

    request: SiteRequest

    def get_posts(self) -> PostQuerySet:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        size = self.request.site_settings.posts_per_page
        page = paginate(self.get_posts().for_list(), self.request, size)
        return super().get_context_data(page=page, **kwargs)


class HomeView(PostListView):
    """Pinned posts on top of the first page; each post of the site in exactly one place."""

    template_name = "posts/home.html"

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().exclude(pk__in=[post.pk for post in self.pinned])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.pinned = list(Post.published.listed().filter(pinned=True).newest_first().for_list()[:MAX_PINNED])
        context = super().get_context_data(**kwargs)
        return context | {"pinned": self.pinned if context["page"].is_first else []}


class SubjectView(PostListView):
    """The posts of one category, tag or author, and how many they are."""

    subjects: QuerySet
    subject_name: str

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.subject = get_object_or_404(self.subjects.all(), slug=self.kwargs["slug"])
        context = super().get_context_data(**kwargs)
        return context | {self.subject_name: self.subject, "count": self.get_posts().count()}


class SubjectWithPostsView(SubjectView):
    """A subject that no listed post has is missing: its name may be the secret of a draft."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not context["count"]:
            raise Http404("No listed post is here.")
        return context


class CategoryView(SubjectView):
    """A category's posts and those of all categories below it."""

    template_name = "posts/category.html"
    subjects = Category.objects.select_related("parent")
    subject_name = "category"

    @cached_property
    def family(self) -> list[int]:
        return self.subject.family()

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().in_categories(self.family)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        parent = self.subject.parent
        return context | {
            "parent": parent if parent and not parent.is_trashed else None,
            "children": self.subject.children.all(),
        }


class TagView(SubjectWithPostsView):
    template_name = "posts/tag.html"
    subjects = Tag.objects.all()
    subject_name = "tag"

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().tagged(self.subject)


class AuthorView(SubjectWithPostsView):
    template_name = "posts/author.html"
    subjects = Author.objects.select_related("picture")
    subject_name = "author"

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().by(self.subject)


class SeriesView(TemplateView):
    """A series from its first part to its last."""

    template_name = "posts/series.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        series = get_object_or_404(Series.objects, slug=self.kwargs["slug"])
        parts = list(Post.published.listed().in_series(series).for_list()[:MAX_SERIES_PARTS])
        if not parts:
            raise Http404("No listed post is here.")
        return super().get_context_data(series=series, parts=parts, **kwargs)


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


class SearchView(TemplateView):
    template_name = "posts/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = " ".join(words(self.request.GET.get("q", "")))
        found = list(search(query).for_list()[: MAX_RESULTS + 1])
        results = found[:MAX_RESULTS]
        return super().get_context_data(query=query, results=results, has_more=len(found) > MAX_RESULTS, **kwargs)


class ReadableView(TemplateView):
    """One text, by its address: for everyone once it is published, before that for its editors alone."""

    context_name: str

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        text = self.readable().filter(slug=kwargs["slug"]).first()
        if text:
            return self.render_to_response(self.get_context_data(**{self.context_name: text}))
        # Only who carries a session is asked for; anonymous pages neither read nor vary on cookies.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            raise Http404("There is no such text, or nobody may read it yet.")
        text = get_object_or_404(self.readable_by_editors(), slug=kwargs["slug"])
        response = self.render_to_response(self.get_context_data(**{self.context_name: text}, is_preview=True))
        add_never_cache_headers(response)
        return response

    def readable(self) -> QuerySet:
        raise NotImplementedError

    def readable_by_editors(self) -> QuerySet:
        raise NotImplementedError


class PostView(ReadableView):
    template_name = "posts/post.html"
    context_name = "post"

    def readable(self) -> PostQuerySet:
        return Post.published.readable().for_page()

    def readable_by_editors(self) -> PostQuerySet:
        return Post.objects.readable_by(self.request.user).for_page()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        post = kwargs["post"]
        return super().get_context_data(**kwargs, **neighbours(post), **series_of(post))


class PageView(ReadableView):
    template_name = "posts/page.html"
    context_name = "page"

    def readable(self) -> QuerySet:
        return Page.published.all()

    def readable_by_editors(self) -> QuerySet:
        return Page.objects.all() if self.request.user.has_perm("posts.change_page") else Page.objects.none()


def neighbours(post: Post) -> dict[str, Model | None]:
    """The listed posts just before and after this one in time."""
    if not post.is_listed:
        return {"previous": None, "next": None}
    position = Position.of(post)
    posts = Post.published.listed().only("title", "slug", "publish_at")
    return {
        "previous": posts.filter(position.older).newest_first().first(),
        "next": posts.filter(position.newer).order_by("publish_at", "pk").first(),
    }


def series_of(post: Post) -> dict[str, Any]:
    """The post's series with its listed parts, and the parts before and after this one."""
    if not post.live_series:
        return {}
    parts = list(
        Post.published.listed().in_series(post.live_series).only("title", "slug", "series_position")[:MAX_SERIES_PARTS]
    )
    numbers = {part.pk: number for number, part in enumerate(parts)}
    if post.pk not in numbers:
        return {}
    number = numbers[post.pk]
    return {
        "series": post.live_series,
        "parts": parts,
        "part_number": number + 1,
        "previous_part": parts[number - 1] if number else None,
        "next_part": parts[number + 1] if number + 1 < len(parts) else None,
    }


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
