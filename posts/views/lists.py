"""Lists of posts: all of them, and those of one subject (see `models.Listing`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.generic import TemplateView

from ..addresses import Link, path_to
from ..compiled import Compiled
from ..entries import Entry, page_below_pins, page_in
from ..generation import CONTENT, SITE
from ..lists.counts import number_of
from ..middleware import SiteRequest
from ..models import Author, Category, Image
from ..models.image import ShownPicture
from ..pagination import NAMES, Slice
from ..shown import shows
from ..subjects import KINDS, with_posts
from ..ways import breadcrumbs
from ..whole_pages import Read, drawn

MAX_PINNED = 5
MAX_AUTHORS = 500


class ContentView(TemplateView):
    """A page that shows nothing but what is listed, what that is about, and the site itself."""

    request: SiteRequest

    def entries(self, context: dict[str, Any]) -> Iterable[Entry]:
        """The posts whose number of comments it shows."""
        return ()

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        shows(self.request, counters=(CONTENT, SITE), posts=[entry.pk for entry in self.entries(context)])
        return self.draw(context)

    def draw(self, context: dict[str, Any]) -> HttpResponse:
        return super().render_to_response(context)


class PostListView(ContentView):
    """A list of posts, newest first, one page of it at a time.

    Its context holds values alone, and rows as `Read`: a page is drawn once for all of the same context.
    """

    template_name: str

    @property
    def size(self) -> int:
        return self.request.site_settings.posts_per_page

    def get_page(self) -> Slice[Entry]:
        raise NotImplementedError

    def entries(self, context: dict[str, Any]) -> Iterable[Entry]:
        return [*context.get("pinned", ()), *context["page"].rows]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = {"path": self.request.path, **{name: self.request.GET.get(name) for name in NAMES}}
        return super().get_context_data(page=self.get_page(), **asked, **kwargs)

    def draw(self, context: dict[str, Any]) -> HttpResponse:
        page = context["page"]
        if page.rows and not (page.newer or page.is_first):
            # Whoever pages back has come to the newest posts: these have a page of their own, with what is pinned.
            return HttpResponseRedirect(self.request.path)
        # Django adds the view, which equals none of another request.
        del context["view"]
        return HttpResponse(drawn(self.request, self.template_name, **context))


class HomeView(PostListView):
    """Pinned posts on top of the first page; each post of the site in exactly one place."""

    template_name = "posts/home.html"

    def get_page(self) -> Slice[Entry]:
        self.pinned, page = page_below_pins(self.request, self.size, MAX_PINNED)
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs, is_home=True)
        shown = self.pinned if context["page"].is_first else ()
        return context | {"pinned": shown, "is_below": bool(shown)}


def counted(subjects: QuerySet, slug: Any, moment: Any) -> QuerySet:
    """The one with this slug, with `count`, how many posts its list has."""
    return subjects.annotate(count=number_of(KINDS[subjects.model], moment)).filter(slug=slug)


class SubjectView(PostListView):
    """The posts of one category, tag or author, and how many they are."""

    subjects: Compiled
    """Of those that have a page, the one with a `slug`, at a `moment`."""
    subject_name: str

    def get_page(self) -> Slice[Entry]:
        return page_in(self.request, self.size, KINDS[type(self.subject)], self.subject.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.subjects.find(slug=self.kwargs["slug"], moment=timezone.now())
        if not found.told:
            raise Http404("There is no such subject, or no listed post is about it.")
        [self.subject] = found.instances
        context = super().get_context_data(**kwargs)
        return context | {self.subject_name: Read(found, self.subject), "count": self.subject.count}


class CategoryView(SubjectView):
    """A category's posts and those of all categories below it."""

    template_name = "posts/category.html"
    subject_name = "category"
    subjects = Compiled(Category, lambda **given: counted(Category.objects.select_related(breadcrumbs.ABOVE), **given))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        way = breadcrumbs.to_category(self.subject)
        return context | {"children": children_of(self.subject), "breadcrumbs": way}


_children = Compiled(Category, lambda parent: Category.objects.filter(parent=parent).values_list("name", "slug"))


def children_of(category: Category) -> tuple[Link, ...]:
    return tuple([Link(name, path_to("posts:category", slug)) for name, slug in _children.rows(parent=category.pk)])


class AuthorView(SubjectView):
    template_name = "posts/author.html"
    subject_name = "author"
    subjects = Compiled(
        Author,
        lambda slug, moment: counted(with_posts(Author, moment=moment).select_related("picture"), slug, moment),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(breadcrumbs=breadcrumbs.to_authors(), **kwargs)


class Writer(NamedTuple):
    """An author, as the list of all shows them."""

    name: str
    url: str
    bio: str
    picture: ShownPicture | None

    @classmethod
    def of(cls, name: str, slug: str, bio: str, *picture: Any) -> Self:
        """Of a row of `_writers`."""
        return cls(name, path_to("posts:author", slug), bio, Image.shown_as(*picture) if picture[0] else None)


_PICTURE = ("picture__file", "picture__width", "picture__height", "picture__moves")


def _who_writes(moment: Any) -> QuerySet:
    found = with_posts(Author, moment=moment).order_by("display_name", "pk")
    return found.values_list("display_name", "slug", "bio", *_PICTURE)[:MAX_AUTHORS]


_writers = Compiled(Author, _who_writes)


class AuthorsView(ContentView):
    """Everyone who has written a listed post."""

    template_name = "posts/authors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        authors = [Writer.of(*row) for row in _writers.rows(moment=timezone.now())]
        if not authors:
            raise Http404("Nobody has published anything yet.")
        return super().get_context_data(authors=authors, breadcrumbs=breadcrumbs.home(), **kwargs)
