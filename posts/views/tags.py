"""Tags: all of them, one, and several at once."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from django.views.generic import TemplateView

from ..addresses import Link
from ..converters import MAX_TAGS
from ..managers import PostQuerySet
from ..models import Post, Tag
from ..ways import breadcrumbs, tagging
from .lists import PostListView, SubjectWithPostsView


class TagView(SubjectWithPostsView):
    template_name = "posts/tag.html"
    subjects = Tag.objects.all()
    subject_name = "tag"

    def get_posts(self) -> PostQuerySet:
        return Post.published.listed().tagged(self.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(breadcrumbs=breadcrumbs.to_tags(), **kwargs)
        return context | {"together": together(self.posts, [self.subject])}


class TagsTogetherView(PostListView):
    """The posts that have each of two to four tags, at one address for each set of them."""

    template_name = "posts/tags_together.html"
    tags: list[Tag]

    def get(self, request: HttpRequest, *args: Any, slugs: list[str], **kwargs: Any) -> HttpResponse:
        wanted = sorted(set(slugs))
        self.tags = list(Tag.objects.filter(slug__in=wanted).order_by("slug"))
        if len(self.tags) != len(wanted):
            raise Http404("There is no such tag.")
        context = self.get_context_data(**kwargs)
        if slugs != wanted:
            return HttpResponsePermanentRedirect(address_of(self.tags))
        return self.render_to_response(context)

    def get_posts(self) -> PostQuerySet:
        posts = Post.published.listed()
        for tag in self.tags:
            posts = posts.tagged(tag)
        return posts

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(breadcrumbs=breadcrumbs.to_tags(), **kwargs)
        count = self.posts.count()
        if not count:
            raise Http404("No listed post has all these tags.")
        return context | {
            "tags": self.tags,
            "name": " + ".join(tag.name for tag in self.tags),
            "count": count,
            "is_thin": True,
            "together": together(self.posts, self.tags) if len(self.tags) < MAX_TAGS else [],
        }


class TagsView(TemplateView):
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


def together(posts: PostQuerySet, tags: list[Tag]) -> list[Link]:
    """The tags that these posts have beside these, each leading to the posts that have them all."""
    return [Link(tag.name, address_of([*tags, tag])) for tag in tagging.seen_beside(posts, tags)]


def address_of(tags: list[Tag]) -> str:
    """The one address of the posts that have all these tags."""
    slugs = sorted(tag.slug for tag in tags)
    if len(slugs) == 1:
        return reverse("posts:tag", args=slugs)
    return reverse("posts:tags_together", args=[slugs])
