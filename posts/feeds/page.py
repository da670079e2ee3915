"""The page that tells people what feeds are, and where."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from django.db.models import Count, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ..addresses import path_to
from ..compiled import Compiled
from ..models import Author, Category, Listing, Post, Series, Tag
from ..views.lists import ContentView

MAX_SUBJECTS = 100
MAX_TAGS = 20
RECENT = 300

Kind = Listing.Kind
COUNTED = (Kind.TAG, Kind.AUTHOR, Kind.SERIES)


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
    def of(cls, heading: str, kind: str, named: list[Named]) -> Self:
        """`kind` is the name of the address of their pages."""
        subjects = [Subject(name, slug, path_to(kind, slug)) for name, slug in named]
        return cls(heading, f"{kind}_feed", tuple(subjects))


class FeedsView(ContentView):
    """All feeds: of the site, its comments, and each subject that a reader may come across."""

    template_name = "posts/feeds.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        uses = recent_uses()
        named = named_among(authors=uses[Kind.AUTHOR], series=uses[Kind.SERIES])
        groups = [
            Group.of(_("Categories"), "posts:category", _categories.rows()),
            Group.of(pgettext("plural", "Series"), "posts:series", named[Kind.SERIES]),
            Group.of(_("Tags used most"), "posts:tag", tags_used_most(uses[Kind.TAG])),
            Group.of(_("Authors"), "posts:author", named[Kind.AUTHOR]),
        ]
        return super().get_context_data(groups=groups, **kwargs)


type Uses = dict[int, int]
"""How many of the newest listed posts stand in the list of each subject, by its id."""

type Named = tuple[str, str]
"""The name and the slug of a subject."""


def recent_uses() -> dict[int, Uses]:
    """The uses of tags, authors and series, by their kind: looking through so many posts costs the same on any site.

    One query.
    """
    uses: dict[int, Uses] = {kind: {} for kind in COUNTED}
    for kind, subject, number in _uses.rows(moment=timezone.now()):
        uses[kind][subject] = number
    return uses


def _where_recent_posts_stand(moment: Any) -> QuerySet:
    posts = Post.all_objects.listed(moment).newest_first().values("pk")[:RECENT]
    # An expression, so that SQLite looks each post up: while lists are short, it would walk all of those kinds instead.
    places = Listing.objects.alias(of=Coalesce("kind", "kind")).filter(post__in=posts, of__in=COUNTED)
    return places.order_by().values_list("kind", "subject").annotate(Count("post"))


def named_among(authors: Uses, series: Uses) -> dict[int, list[Named]]:
    """Those of the authors and series that are not in the trash, by name. One query."""
    named: dict[int, list[Named]] = {Kind.AUTHOR: [], Kind.SERIES: []}
    for kind, name, slug in _named.rows(authors=list(authors), series=list(series)):
        named[kind].append((name, slug))
    return {kind: found[:MAX_SUBJECTS] for kind, found in named.items()}


def _by_name(authors: Any, series: Any) -> QuerySet:
    written = Author.objects.order_by().filter(pk__in=authors).values_list(Value(Kind.AUTHOR), "display_name", "slug")
    parts = Series.objects.order_by().filter(pk__in=series).values_list(Value(Kind.SERIES), "title", "slug")
    return written.union(parts, all=True).order_by("display_name", "slug")


def tags_used_most(uses: Uses) -> list[Named]:
    """The most frequent first. One query, or two where some of them are in the trash."""
    found = _tags.rows(tags=most_used(uses))
    if len(found) < min(MAX_TAGS, len(uses)):
        found = _tags.rows(tags=list(uses))
    ranked = sorted(found, key=lambda tag: -uses[tag[0]])
    return [(name, slug) for _pk, name, slug in ranked[:MAX_TAGS]]


def most_used(uses: Uses) -> list[int]:
    """The tags that are used as often as the last one of which there is room for, or more often."""
    least = sorted(uses.values(), reverse=True)[:MAX_TAGS]
    return [tag for tag, number in uses.items() if number >= least[-1]]


_categories = Compiled(Category, lambda: Category.objects.order_by("name").values_list("name", "slug")[:MAX_SUBJECTS])
_uses = Compiled(Listing, _where_recent_posts_stand)
_named = Compiled(Author, _by_name)
_tags = Compiled(Tag, lambda tags: Tag.objects.filter(pk__in=tags).order_by("slug").values_list("pk", "name", "slug"))
