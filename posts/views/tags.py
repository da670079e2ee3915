"""Tags: all of them, one, and several at once."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from ..addresses import Link, path_to
from ..compiled import Compiled
from ..converters import MAX_TAGS
from ..entries import Entry, page_in, page_of
from ..models import Listing, Tag
from ..pagination import Slice
from ..subjects import with_posts
from ..ways import breadcrumbs, tagging
from .lists import ContentView, PostListView, SubjectView, counted


class TagView(SubjectView):
    template_name = "posts/tag.html"
    subject_name = "tag"
    subjects = Compiled(Tag, lambda slug, moment: counted(with_posts(Tag, moment=moment), slug, moment))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(breadcrumbs=breadcrumbs.to_tags(), **kwargs)
        others = tagging.seen_beside(Listing.Kind.TAG, self.subject.pk, [self.subject])
        return context | {"together": together(others, [self.subject])}


class TagsTogetherView(PostListView):
    """The posts that have each of two to four tags, at one address for each set of them."""

    template_name = "posts/tags_together.html"
    tags: list[Tag]

    def get(self, request: HttpRequest, *args: Any, slugs: list[str], **kwargs: Any) -> HttpResponse:
        wanted = sorted(set(slugs))
        self.tags = list(with_posts(Tag).filter(slug__in=wanted).order_by("slug"))
        if len(self.tags) != len(wanted):
            raise Http404("There is no such tag.")
        if len(wanted) == 1:
            return HttpResponsePermanentRedirect(address_of(self.tags))
        context = self.get_context_data(**kwargs)
        if slugs != wanted:
            return HttpResponsePermanentRedirect(address_of(self.tags))
        return self.render_to_response(context)

    def get_page(self) -> Slice[Entry]:
        if self.shared.beside:
            return page_of(self.shared.posts(), self.request, self.size)
        return page_in(self.request, self.size, Listing.Kind.TAG_PAIR, self.shared.pair)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.shared = tagging.Shared.by(self.tags)
        context = super().get_context_data(breadcrumbs=breadcrumbs.to_tags(), **kwargs)
        if not (context["page"].posts or self.shared.posts().exists()):
            raise Http404("No listed post has all these tags.")
        return context | {
            "tags": tuple([Link(tag.name, tag.get_absolute_url()) for tag in self.tags]),
            "name": " + ".join(tag.name for tag in self.tags),
            "count": self.shared.count(),
            "is_thin": True,
            "together": together(self.shared.seen_beside(self.tags), self.tags) if len(self.tags) < MAX_TAGS else (),
        }


class TagsView(ContentView):
    """All tags that listed posts have, by the alphabet; a page of them at a time."""

    template_name = "posts/tags.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        after = self.request.GET.get("after", "")
        if ("after" in self.request.GET and not after) or after != tagging.readable_key(after):
            raise Http404("This is not where a page of tags begins.")
        page = tagging.page_of_tags(after)
        if after and not page.tags:
            raise Http404("No tags lie in this direction.")
        return super().get_context_data(page=page, after=after, breadcrumbs=breadcrumbs.home(), **kwargs)


def together(others: list[Tag], tags: list[Tag]) -> tuple[Link, ...]:
    """Each of the others, leading to the posts that have it and all of these."""
    return tuple([Link(tag.name, address_of([*tags, tag])) for tag in others])


def address_of(tags: list[Tag]) -> str:
    """The one address of the posts that have all these tags."""
    slugs = sorted(tag.slug for tag in tags)
    if len(slugs) == 1:
        return path_to("posts:tag", *slugs)
    return reverse("posts:tags_together", args=[slugs])
