"""The conversation as feeds: the newest comments of all posts, and those of each."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from posts import markup
from posts.addresses import absolute
from posts.feeds.documents import Feed, Item, Person, Reference
from posts.feeds.views import FeedView
from posts.models import Post, SiteSettings
from posts.pagination import Order, paginate

from .generation import CONVERSATION
from .managers import CommentQuerySet
from .models import Comment

LENGTH = 50
SUMMARY_LENGTH = 280


class CommentFeed(FeedView):
    """The newest comments on listed posts."""

    counters = (CONVERSATION,)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        """Search engines find comments on the pages that they belong to."""
        response = super().get(request, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def feed(self, site: SiteSettings) -> Feed:
        page = paginate(self.comments().for_feed(), self.request, LENGTH, Order("created_at", column="created_at"))
        return Feed(
            title=self.title(site),
            description=self.description(site),
            language=site.language,
            home=absolute(self.request, self.path()),
            place=self.place(page),
            items=[self.item(comment) for comment in page.rows],
        )

    def title(self, site: SiteSettings) -> str:
        return _("Comments on %(title)s") % {"title": site.title}

    def description(self, site: SiteSettings) -> str:
        return _("The newest comments on %(title)s.") % {"title": site.title}

    def path(self) -> str:
        return reverse("posts:home")

    def comments(self) -> CommentQuerySet:
        return Comment.objects.listed()

    def item(self, comment: Comment) -> Item:
        url = absolute(self.request, comment.get_absolute_url())
        return Item(
            guid=comment.guid,
            url=url,
            title=self.item_title(comment),
            published=comment.created_at,
            updated=max(comment.created_at, comment.edited_at or comment.created_at),
            authors=(Person(comment.author_name),),
            summary=beginning(comment.body_html),
            content=markup.for_feed(comment.html, url),
            answers=Reference(comment.answered_guid, absolute(self.request, comment.post.get_absolute_url())),
        )

    def item_title(self, comment: Comment) -> str:
        return _("%(name)s on “%(title)s”") % {"name": comment.author_name, "title": comment.post.title}


class PostCommentFeed(CommentFeed):
    """The newest comments on one post, which may be unlisted: whoever has its address has this one's."""

    post: Post

    def feed(self, site: SiteSettings) -> Feed:
        posts = Post.published.readable().only("slug", "title")
        self.post = get_object_or_404(posts, slug=self.kwargs["slug"])
        return super().feed(site)

    def title(self, site: SiteSettings) -> str:
        return _("Comments on “%(title)s”") % {"title": self.post.title}

    def description(self, site: SiteSettings) -> str:
        return _("The newest comments on “%(title)s”, at %(site)s.") % {"title": self.post.title, "site": site.title}

    def path(self) -> str:
        return self.post.get_absolute_url()

    def comments(self) -> CommentQuerySet:
        return Comment.objects.public().filter(post=self.post)

    def item_title(self, comment: Comment) -> str:
        return comment.author_name


def beginning(html: str) -> str:
    """The first words of rendered HTML, without its markup."""
    words = " ".join(unescape(strip_tags(html)).split())
    return Truncator(words).chars(SUMMARY_LENGTH)
