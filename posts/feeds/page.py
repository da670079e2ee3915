"""The page that tells people what feeds are, and where."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..models import Author, Category, Post, Series, Tag
from ..views.lists import ContentView

MAX_SUBJECTS = 100
MAX_TAGS = 20
RECENT = 1000


class Group(NamedTuple):
    """Subjects of one kind; `feed` is the name of the address of their feeds."""

    heading: str
    feed: str
    subjects: QuerySet


class FeedsView(ContentView):
    """All feeds: of the site, its comments, and each subject that a reader may come across."""

    template_name = "posts/feeds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        categories = Category.objects.order_by("name")
        groups = [
            Group(_("Categories"), "posts:category_feed", categories[:MAX_SUBJECTS]),
            Group(
                pgettext("plural", "Series"),
                "posts:series_feed",
                Series.objects.filter(pk__in=recent("series")).order_by("title")[:MAX_SUBJECTS],
            ),
            Group(_("Tags used most"), "posts:tag_feed", tags_most_used()[:MAX_TAGS]),
            Group(_("Authors"), "posts:author_feed", recent_authors()[:MAX_SUBJECTS]),
        ]
        return super().get_context_data(groups=groups, **kwargs)


def recent_authors() -> QuerySet[Author]:
    """Whoever wrote a recent post, alone or with others."""
    links = Post.co_authors.through.objects.filter(post__in=recent("pk"))
    found = Q(pk__in=recent("author")) | Q(pk__in=links.values("author"))
    return Author.objects.filter(found).order_by("display_name")


def tags_most_used() -> QuerySet[Tag]:
    """The tags of recent posts, the most frequent first."""
    tags = Tag.objects.filter(items__content_object__in=recent("pk"))
    return tags.annotate(number=Count("items")).order_by("-number", "slug")


def recent(field: str) -> QuerySet:
    """A column of the newest listed posts, so many that looking through them costs the same on any site."""
    return Post.published.listed().newest_first().values(field)[:RECENT]
