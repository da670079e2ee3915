"""What a reader sees below a post: the conversations of one page, and where a comment is to be found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import urldefrag, urlencode

from django.db.models import Q, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse

from posts.models import Author, CommentPolicy, Post, SiteSettings
from posts.pagination import Position

from . import own
from .managers import CommentQuerySet
from .models import Comment
from .pages import Page, conversations, first_replies, place_of, replies
from .policy import policy_of
from .threads import Conversation, arrange

SHOWN = (
    "post_id parent_id thread_id author_name email website body_html status deleted_at created_at edited_at stands "
    "thread__stands parent__post_id parent__author_name parent__status parent__deleted_at "
    "user__is_staff user__is_active"
).split()


@dataclass(frozen=True)
class Reader:
    """Whoever looks at the comments below a post. Only who has just written there is told from all others."""

    request: HttpRequest
    post: Post
    site: SiteSettings

    @cached_property
    def own(self) -> list[int]:
        """The comments that this browser has written, by their ids."""
        return own.ids(self.request)

    @cached_property
    def waiting(self) -> list[Comment]:
        """The reader's own comments that nobody else sees."""
        if not self.own:
            return []
        return list(for_reading(self.visible().exclude(status=Comment.Status.APPROVED)))

    @cached_property
    def authors(self) -> dict[int | None, Author]:
        """Who wrote the post, by their accounts."""
        prefetch_related_objects([self.post], "co_authors__picture")
        return {author.user_id: author for author in self.post.byline if author.user_id}

    def visible(self) -> CommentQuerySet:
        """The comments whose words this reader may see."""
        return Comment.objects.filter(Q(status=Comment.Status.APPROVED) | Q(pk__in=self.own), post=self.post)

    @cached_property
    def policy(self) -> CommentPolicy:
        return policy_of(self.post, self.site)

    @property
    def may_reply(self) -> bool:
        """Whether anyone may, or could once they are signed in."""
        return self.policy != CommentPolicy.OFF

    def sees(self, comment: Comment) -> bool:
        return comment.is_public or (comment.pk in self.own and not comment.is_trashed)

    def may_change(self, comment: Comment) -> bool:
        return comment.pk in self.own and own.may_change(self.request, comment, self.site)


@dataclass(frozen=True)
class Discussion:
    """A page of conversations, and how to find those beside it."""

    conversations: list[Conversation]
    page: Page
    address: Callable[[Position | None], str]

    @property
    def previous(self) -> str:
        """The address of the page before this one; empty for the first."""
        return "" if self.page.is_first else self.address(self.page.previous)

    @property
    def next(self) -> str:
        return self.address(self.page.next) if self.page.next else ""


def read(reader: Reader, begin: Position | None = None) -> Discussion:
    """The page of conversations that begins after a position, or the first one; at the cost of three queries."""
    line = conversations(reader.post, reader.site)
    page = line.page(begin) if reader.post.comment_count else Page()
    shown, totals = first_replies(page.ids)
    comments = load(reader, [*page.ids, *shown])
    tops = [comment for comment in comments if top_of(comment) is comment and line.holds(page, place_of(comment))]
    below: dict[int | None, list[Comment]] = defaultdict(list)
    for comment in comments:
        below[comment.thread_id].append(comment)
    found = [Conversation(top, arrange(top, below[top.pk]), totals.get(top.pk, 0)) for top in line.sort(tops)]
    return Discussion(found, page, partial(address_of_page, reader.post))


def read_conversation(reader: Reader, top: Comment, begin: Position | None = None) -> Discussion:
    """The page of a conversation that begins after a position, or the first one, below what is at its top."""
    line = replies(top)
    page = line.page(begin)
    below = [
        comment
        for comment in load(reader, page.ids)
        if comment.thread_id == top.pk and line.holds(page, place_of(comment))
    ]
    found = [Conversation(top, arrange(top, below), len(below))]
    return Discussion(found, page, partial(address_of_conversation, reader.post, top))


def load(reader: Reader, ids: Iterable[int]) -> list[Comment]:
    """These comments below the post as far as they stand, and the reader's own that wait; the oldest first."""
    standing = for_reading(Comment.all_objects.standing().filter(post=reader.post, pk__in=list(ids)))
    comments = {comment.pk: comment for comment in [*standing, *reader.waiting]}
    return sorted(comments.values(), key=place_of)


def for_reading(comments: CommentQuerySet) -> CommentQuerySet:
    """With all that a page shows of them."""
    return comments.select_related("parent", "thread", "user").only(*SHOWN)


def top_of(comment: Comment) -> Comment:
    """What it is shown below. One whose conversation is shown to nobody else stands at the top itself."""
    return comment.thread if comment.thread and comment.thread.stands else comment


def address_of(comment: Comment, site: SiteSettings) -> str:
    """Where a comment is shown: on the page of its post, or on a further page, or within its conversation alone."""
    line = conversations(comment.post, site)
    top = top_of(comment)
    begin = line.begin_of(place_of(top))
    if comment is top or not comment.is_public or comment.pk in first_replies(line.page(begin).ids)[0]:
        address = address_of_page(comment.post, begin)
    else:
        address = address_of_conversation(comment.post, top, replies(top).begin_of(place_of(comment)))
    return f"{urldefrag(address).url}#{comment.anchor}"


def address_of_page(post: Post, begin: Position | None) -> str:
    """Of the page of conversations that begins after a position; the first one stands below the post itself."""
    if begin is None:
        return f"{post.get_absolute_url()}#comments"
    return after(reverse("comments:discussion", args=[post.slug]), begin)


def address_of_conversation(post: Post, top: Comment, begin: Position | None = None) -> str:
    return after(reverse("comments:thread", args=[post.slug, top.pk]), begin)


def after(address: str, begin: Position | None) -> str:
    return f"{address}?{urlencode({'after': str(begin)})}" if begin else address
