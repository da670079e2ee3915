"""The page that tells people what feeds are, and where."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..addresses import path_to
from ..compiled import Compiled
from ..models import Author, Category, Post, Series, Tag
from ..views.lists import ContentView

MAX_SUBJECTS = 100
MAX_TAGS = 20
RECENT = 300


class Subject(NamedTuple):
    """What has feeds, and a page of its own."""

    name: str
    slug: str
    url: str


class Group(NamedTuple):
    """Subjects of one kind; `feed` is the name of the address of their feeds."""

    heading: str
    feed: str
    subjects: tuple[Subject, ...]

    @classmethod
    def of(cls, heading: str, kind: str, found: Compiled, **values: Any) -> Group:
        """Those that are found, by name and slug; `kind` is the name of the address of their pages."""
        subjects = [Subject(name, slug, path_to(kind, slug)) for name, slug in found.rows(**values)]
        return cls(heading, f"{kind}_feed", tuple(subjects))


class FeedsView(ContentView):
    """All feeds: of the site, its comments, and each subject that a reader may come across."""

    template_name = "posts/feeds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        groups = [
            Group.of(_("Categories"), "posts:category", _categories),
            Group.of(pgettext("plural", "Series"), "posts:series", _series, moment=now),
            Group.of(_("Tags used most"), "posts:tag", _tags_used_most, moment=now),
            Group.of(_("Authors"), "posts:author", _recent_authors, moment=now),
        ]
        return super().get_context_data(groups=groups, **kwargs)


def recent(field: str, moment: Any) -> QuerySet:
    """A column of the newest listed posts, so many that looking through them costs the same on any site."""
    return Post.all_objects.listed(moment).newest_first().values(field)[:RECENT]


def _who_wrote_recently(moment: Any) -> QuerySet:
    """Whoever wrote a recent post, alone or with others."""
    links = Post.co_authors.through.objects.filter(post__in=recent("pk", moment))
    found = Q(pk__in=recent("author", moment)) | Q(pk__in=links.values("author"))
    return Author.objects.filter(found).order_by("display_name").values_list("display_name", "slug")[:MAX_SUBJECTS]


def _series_of_recent_posts(moment: Any) -> QuerySet:
    found = Series.objects.filter(pk__in=recent("series", moment))
    return found.order_by("title").values_list("title", "slug")[:MAX_SUBJECTS]


def _tags_of_recent_posts(moment: Any) -> QuerySet:
    """The most frequent first."""
    tags = Tag.objects.filter(items__content_object__in=recent("pk", moment))
    tags = tags.annotate(number=Count("items")).order_by("-number", "slug")
    return tags.values_list("name", "slug")[:MAX_TAGS]


_categories = Compiled(Category, lambda: Category.objects.order_by("name").values_list("name", "slug")[:MAX_SUBJECTS])
_series = Compiled(Series, _series_of_recent_posts)
_tags_used_most = Compiled(Tag, _tags_of_recent_posts)
_recent_authors = Compiled(Author, _who_wrote_recently)
