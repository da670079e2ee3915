"""What a reader sees below a post: the conversations of one page, and where a comment is to be found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from urllib.parse import urldefrag, urlencode

from django.db.models import Q
from django.http import HttpRequest

from posts.addresses import path_to
from posts.compiled import Found
from posts.models import Author, CommentPolicy, Post, SiteSettings
from posts.pagination import Position

from . import own, pages
from .managers import CommentQuerySet
from .models import Comment
from .pages import Page, conversations, first_replies, place_of, replies
from .policy import policy_of
from .said import Said, of_conversation, of_page, said
from .threads import Conversation, arrange


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
    def waiting(self) -> list[Said]:
        """The reader's own comments that nobody else sees."""
        return said(self.visible().exclude(status=Comment.Status.APPROVED)) if self.own else []

    @cached_property
    def authors(self) -> dict[int | None, Author]:
        """Who wrote the post, by their accounts."""
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

    def sees(self, comment: Said) -> bool:
        return comment.is_public or (comment.pk in self.own and not comment.is_trashed)

    def may_change(self, comment: Said) -> bool:
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
    """The page of conversations that begins after a position, or the first one; at the cost of one query, or two."""
    return arranged(reader.post, reader.site, first(reader, begin), begin, reader.waiting)


def first(reader: Reader, begin: Position | None = None) -> Found:
    """What stands on the page. No query where nothing was ever said."""
    return of_page(reader.post, reader.site, begin) if reader.post.comment_count else Found()


def arranged(
    post: Post, site: SiteSettings, told: Found, begin: Position | None = None, waiting: Iterable[Said] = ()
) -> Discussion:
    """The page of what was found, and of what waits for one reader's eyes alone."""
    line = conversations(post, site)
    found = list(map(Said._make, told.rows))
    totals = {comment.pk: comment.replies for comment in found}
    tops = line.sort(comment for comment in found if comment.thread_id is None)
    page = line.page_of([place_of(top) for top in tops], begin)
    comments = oldest_first([*found, *waiting])
    shown = [comment for comment in comments if comment.is_top and line.holds(page, place_of(comment))]
    below: dict[int | None, list[Said]] = defaultdict(list)
    for comment in comments:
        below[comment.thread_id].append(comment)
    conversing = [Conversation(top, arrange(top, below[top.pk]), totals.get(top.pk, 0)) for top in line.sort(shown)]
    return Discussion(conversing, page, partial(address_of_page, post))


def read_conversation(reader: Reader, top: Said, begin: Position | None = None) -> Discussion:
    """The page of a conversation that begins after a position, or the first one, below what is at its top."""
    line = replies(top.pk)
    found = oldest_first(of_conversation(top, begin))
    page = line.page_of([place_of(reply) for reply in found], begin)
    below = [
        comment
        for comment in oldest_first([*found, *reader.waiting])
        if comment.thread_id == top.pk and line.holds(page, place_of(comment))
    ]
    shown = [Conversation(top, arrange(top, below), len(below))]
    return Discussion(shown, page, partial(address_of_conversation, reader.post, top.pk))


def oldest_first(comments: Iterable[Said]) -> list[Said]:
    """Each comment once: a reader's own that waits may stand already, since somebody has answered it."""
    return sorted({comment.pk: comment for comment in comments}.values(), key=place_of)


def top_of(comment: Comment) -> Comment:
    """What it is shown below. One whose conversation is shown to nobody else stands at the top itself."""
    return comment.thread if comment.thread and comment.thread.stands else comment


def address_of(comment: Comment, site: SiteSettings) -> str:
    """Where a comment is shown: on the page of its post, or on a further page, or within its conversation alone."""
    line = conversations(comment.post, site)
    top = top_of(comment)
    begin = line.begin_of(place_of(top))
    if comment is top or not comment.is_public or is_shown_with(comment, line.page(begin)):
        address = address_of_page(comment.post, begin)
    else:
        address = address_of_conversation(comment.post, top.pk, replies(top.pk).begin_of(place_of(comment)))
    return f"{urldefrag(address).url}#{comment.anchor}"


def is_shown_with(reply: Comment, page: Page) -> bool:
    """Whether a reply is among those that are shown below the tops of a page."""
    return reply.pk in set(first_replies(page.ids, pages.MAX_REPLIES, pages.MAX_REPLIES_TOGETHER))


def address_of_page(post: Post, begin: Position | None) -> str:
    """Of the page of conversations that begins after a position; the first one stands below the post itself."""
    if begin is None:
        return f"{post.get_absolute_url()}#comments"
    return after(path_to("comments:discussion", post.slug), begin)


def address_of_conversation(post: Post, top: int, begin: Position | None = None) -> str:
    return after(path_to("comments:thread", post.slug, top), begin)


def after(address: str, begin: Position | None) -> str:
    return f"{address}?{urlencode({'after': str(begin)})}" if begin else address
