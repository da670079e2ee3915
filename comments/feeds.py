"""The conversation as RSS 2.0: the newest comments of all posts, and those of each."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import escape, strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from posts import markup
from posts.addresses import absolute
from posts.feeds import RssFeed
from posts.models import Post, SiteSettings

from .generation import CONVERSATION
from .managers import CommentQuerySet
from .models import Comment

LENGTH = 50
DESCRIPTION_LENGTH = 280


def beginning(html: str) -> str:
    """The first words of rendered HTML, without its markup."""
    words = " ".join(unescape(strip_tags(html)).split())
    return escape(Truncator(words).chars(DESCRIPTION_LENGTH))


class CommentFeed(RssFeed):
    """The newest comments on listed posts."""

    counters = (CONVERSATION,)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Search engines find comments on the pages that they belong to."""
        response = super().get(request, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def title(self, subject: Any, site: SiteSettings) -> str:
        return _("Comments on %(title)s") % {"title": site.title}

    def description(self, subject: Any, site: SiteSettings) -> str:
        return _("The newest comments on %(title)s.") % {"title": site.title}

    def items(self, subject: Any) -> Iterable[dict[str, Any]]:
        return map(self.item, self.comments(subject).for_feed()[:LENGTH])

    def item(self, comment: Comment) -> dict[str, Any]:
        url = absolute(self.request, comment.get_absolute_url())
        return {
            "title": self.item_title(comment),
            "link": url,
            "description": beginning(comment.body_html),
            "content": markup.for_feed(comment.html, url),
            "authors": [comment.author_name],
            "pubdate": comment.created_at,
            "unique_id": comment.guid,
            "unique_id_is_permalink": False,
        }

    def item_title(self, comment: Comment) -> str:
        return _("%(name)s on “%(title)s”") % {"name": comment.author_name, "title": comment.post.title}

    def comments(self, subject: Any) -> CommentQuerySet:
        return Comment.objects.listed()


class PostCommentFeed(CommentFeed):
    """The newest comments on one post, which may be unlisted: whoever has its address has this one's."""

    def get_subject(self) -> Post:
        posts = Post.published.readable().only("slug", "title")
        return get_object_or_404(posts, slug=self.kwargs["slug"])

    def title(self, subject: Post, site: SiteSettings) -> str:
        return _("Comments on “%(title)s”") % {"title": subject.title}

    def description(self, subject: Post, site: SiteSettings) -> str:
        return _("The newest comments on “%(title)s”, at %(site)s.") % {"title": subject.title, "site": site.title}

    def page_path(self, subject: Post) -> str:
        return subject.get_absolute_url()

    def item_title(self, comment: Comment) -> str:
        return comment.author_name

    def comments(self, subject: Post) -> CommentQuerySet:
        return Comment.objects.public().filter(post=subject)
