"""Lists of posts: all of them, and those of one subject. Each starts from `Post.published.listed()`."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from .. import subjects
from ..entries import COLUMNS, entries_of, page_of
from ..managers import PostQuerySet
from ..middleware import SiteRequest
from ..models import Author, Category, Post
from ..ways import breadcrumbs

MAX_PINNED = 5
MAX_AUTHORS = 500


class PostListView(TemplateView):
    """A list of posts, newest first, one page of it at a time."""

    request: SiteRequest
    posts: PostQuerySet
    """All of them, from the moment that a page of them is asked for."""

    def get_posts(self) -> PostQuerySet:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        size = self.request.site_settings.posts_per_page
        self.posts = self.get_posts()
        page = page_of(self.posts, self.request, size)
        return super().get_context_data(page=page, **kwargs)


class HomeView(PostListView):
    """Pinned posts on top of the first page; each post of the site in exactly one place."""

    template_name = "posts/home.html"

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().exclude(pk__in=[post.pk for post in self.pinned])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pinned = Post.published.listed().filter(pinned=True).newest_first()
        self.pinned = entries_of(pinned.values_list(*COLUMNS)[:MAX_PINNED])
        context = super().get_context_data(**kwargs, is_home=True)
        shown = self.pinned if context["page"].is_first else []
        return context | {"pinned": shown, "is_below": bool(shown)}


class SubjectView(PostListView):
    """The posts of one category, tag or author, and how many they are."""

    subjects: QuerySet
    subject_name: str

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.subject = get_object_or_404(self.subjects.all(), slug=self.kwargs["slug"])
        context = super().get_context_data(**kwargs)
        return context | {self.subject_name: self.subject, "count": self.posts.count()}


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
    subjects = Category.objects.select_related(breadcrumbs.ABOVE)
    subject_name = "category"

    @cached_property
    def family(self) -> list[int]:
        return self.subject.family()

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().in_categories(self.family)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        way = breadcrumbs.to_category(self.subject)
        return context | {"children": self.subject.children.all(), "breadcrumbs": way}


class AuthorView(SubjectWithPostsView):
    template_name = "posts/author.html"
    subjects = Author.objects.select_related("picture")
    subject_name = "author"

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().by(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(breadcrumbs=breadcrumbs.to_authors(), **kwargs)


class AuthorsView(TemplateView):
    """Everyone who has written a listed post."""

    template_name = "posts/authors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        authors = list(subjects.authors().select_related("picture").order_by("display_name", "pk")[:MAX_AUTHORS])
        if not authors:
            raise Http404("Nobody has published anything yet.")
        return super().get_context_data(authors=authors, breadcrumbs=breadcrumbs.home(), **kwargs)
