"""The list of posts: found by state, category, author, words and month; as many queries for fifty as for one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import markup, slugs
from ..models import Author, Category, Post
from ..search import for_desk
from ..search.engines import among
from ..templatetags.languages import number
from ..widgets import module
from .choices import SearchedFilter
from .counting import LISTED, count
from .states import moment_in_words, state_in_words
from .stretches import Stretches, stretches
from .trash import STATE, TRASH, TrashChangeList, TrashFilter, shows_trash

# The newest finds of a search.
MAX_FOUND = 500
MAX_SLUGS = 100
# Posts of a category that are collected to be looked through; more are asked one by one.
COLLECTED = 100_000
# Set at a request whose list is too long to be sorted.
WALKED = "walks_along_the_list"


class StateFilter(TrashFilter):
    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        states = Post.State
        return [
            (states.DRAFT.value, _("Drafts")),
            (states.SCHEDULED.value, _("Scheduled")),
            (states.PUBLISHED.value, _("Published")),
            (states.EXPIRED.value, _("Expired")),
            (TRASH, _("Trash")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        match self.value():
            case Post.State.DRAFT:
                return queryset.drafts()
            case Post.State.SCHEDULED:
                return queryset.scheduled()
            case Post.State.PUBLISHED:
                return queryset.published()
            case Post.State.EXPIRED:
                return queryset.expired()
        return queryset


class RelatedFilter(admin.SimpleListFilter):
    """A choice that is searched, not listed: there may be thousands."""

    field_name: str
    model: type

    def __init__(self, request: HttpRequest, params: dict, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        widget = SearchedFilter(Post._meta.get_field(self.field_name), model_admin.admin_site)
        field = forms.ModelChoiceField(self.model.objects, required=False, widget=widget)
        form = forms.Form({self.parameter_name: self.value() or ""}, auto_id="filter_%s")
        form.fields[self.parameter_name] = field
        self.control = form[self.parameter_name]
        self.chosen = form.cleaned_data.get(self.parameter_name) if form.is_valid() else None
        self.is_walked = getattr(request, WALKED, False)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return []

    def has_output(self) -> bool:
        return True


class CategoryFilter(RelatedFilter):
    title = gettext_lazy("category")
    parameter_name = "category"
    field_name = "categories"
    model = Category

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.chosen:
            return queryset
        family = self.chosen.family()
        links = Post.categories.through.objects.filter(category__in=family)
        return queryset.in_categories(family, one_by_one=self.is_walked or count(links, COLLECTED) > COLLECTED)


class AuthorFilter(RelatedFilter):
    title = gettext_lazy("author")
    parameter_name = "by"
    field_name = "author"
    model = Author

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.by(self.chosen, one_by_one=self.is_walked) if self.chosen else queryset


def with_slug_like(text: str) -> list[int]:
    """The ids of posts whose slugs begin like this, found along their index."""
    beginning = slugs.slugify(text)
    near = Post.objects.filter(slug__gte=beginning).order_by("slug").values_list("pk", "slug")[:MAX_SLUGS]
    return [pk for pk, slug in near if slug.startswith(beginning)] if beginning else []


class PostChangeList(TrashChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet:
        return super().get_queryset(request, exclude_parameters).for_desk()

    def get_ordering(self, request: HttpRequest, queryset: QuerySet) -> list[str]:
        """By a column that was chosen, where the list can be sorted; a longer one stays in the order of its index."""
        if ORDER_VAR in self.params and count(queryset, LISTED) > LISTED:
            return self.model_admin.get_ordering(request)
        return super().get_ordering(request, queryset)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if self.result_count >= LISTED:
            self.sortable_by = ()
            if any(getattr(spec, "chosen", None) for spec in self.filter_specs):
                self.result_list = self.walked(request)

    def walked(self, request: HttpRequest) -> QuerySet:
        """The rows of the page along the order of the list: of so many, SQLite would sort all to show the first."""
        setattr(request, WALKED, True)
        first = (self.page_num - 1) * self.list_per_page
        return self.get_queryset(request)[first : first + self.list_per_page]

    @cached_property
    def stretches(self) -> Stretches:
        return stretches(self, self.date_hierarchy)


class PostList(admin.ModelAdmin):
    """How posts are listed on the desk."""

    list_display = ["headline", "state_badge", "written_by", "under", "comments"]
    list_display_links = None
    list_per_page = 50
    search_fields = ["title", "summary", "slug"]
    search_help_text = gettext_lazy("Searches titles, summaries, texts and slugs.")
    date_hierarchy = "publish_at"
    empty_value_display = ""

    @property
    def media(self) -> forms.Media:
        """With what the searched choices of the filters need."""
        chosen = SearchedFilter(Post._meta.get_field("author"), self.admin_site)
        return super().media + chosen.media + forms.Media(js=[module("list-filters")])

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PostChangeList

    def get_list_filter(self, request: HttpRequest) -> list[type]:
        filters: list[type] = [StateFilter, CategoryFilter]
        return [*filters, AuthorFilter] if request.user.has_perm("posts.edit_others_posts") else filters

    def get_ordering(self, request: HttpRequest) -> list[str]:
        """What is next comes first: the work of today, the post that is due, the newest, the last one thrown away."""
        match request.GET.get(STATE):
            case Post.State.SCHEDULED:
                return ["publish_at", "pk"]
            case Post.State.EXPIRED:
                return ["-unpublish_at", "-pk"]
            case Post.State.PUBLISHED:
                return ["-publish_at", "-pk"]
        if f"{self.date_hierarchy}__year" in request.GET:
            return ["-publish_at", "-pk"]
        return ["-updated_at", "-pk"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By words, as readers search, but among all posts; and by the beginning of a slug."""
        text = markup.clean_line(search_term)
        if not text:
            return queryset, False
        found = [*for_desk(text, MAX_FOUND), *with_slug_like(text)]
        return queryset.filter(pk__in=among(found)), False

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def headline(self, post: Post) -> str:
        address = self.url("restore" if post.is_trashed else "change", post.pk)
        pinned = format_html(' <span class="pin">{}</span>', _("Pinned")) if post.is_pinned else ""
        return format_html('<a class="headline" href="{}">{}</a>{}', address, post.title, pinned)

    @admin.display(description=gettext_lazy("state"), ordering="publish_at")
    def state_badge(self, post: Post) -> str:
        return format_html('<span class="badge {}">{}</span>', post.state.value, state_in_words(post))

    @admin.display(description=gettext_lazy("author"), ordering="author__display_name")
    def written_by(self, post: Post) -> str:
        return post.author.display_name

    @admin.display(description=gettext_lazy("categories"))
    def under(self, post: Post) -> str:
        return ", ".join(category.name for category in post.categories.all())

    @admin.display(description=gettext_lazy("comments"), ordering="comment_count")
    def comments(self, post: Post) -> str:
        return number(post.comment_count) if post.comment_count else ""

    def get_list_display(self, request: HttpRequest) -> list[str]:
        if shows_trash(request):
            return ["headline", "state_badge", "written_by", "trashed_on"]
        return self.list_display

    @admin.display(description=gettext_lazy("since"), ordering="deleted_at")
    def trashed_on(self, post: Post) -> str:
        return moment_in_words(post.deleted_at)
