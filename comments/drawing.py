"""Comments as HTML: whatever is said, a comment looks like all others, so that each is filled into the same form."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from posts import markup
from posts.addresses import path_to
from posts.compiled import Found
from posts.dates import in_words
from posts.models import Author, CommentPolicy, Image, Post, SiteSettings
from posts.remembered import Remembered
from posts.stencils import Same, Stencil, circumstances
from posts.templatetags.pure import shown

from . import avatars
from .discussion import Discussion, Reader, arranged, first
from .forms import CommentForm
from .said import Said
from .threads import Conversation, Entry

# In bytes, for what stands below posts and for conversations each: readers write them, and may write a lot.
ROOM = 8 * 1024 * 1024

_DISCUSSION = Stencil("comments/_discussion.html")
_PAGING = Stencil("comments/_paging.html")
_CONVERSATION = Stencil("comments/_conversation.html")
_COMMENT = Stencil("comments/_comment.html")
_REPLY = Stencil("comments/_reply.html")


class Slug(NamedTuple):
    """A post, as far as addresses are made of it."""

    slug: str


@dataclass(frozen=True)
class Blank:
    """The empty form below all posts that are alike."""

    policy: CommentPolicy
    is_email_required: bool

    @property
    def form(self) -> CommentForm:
        post = Post(comment_policy=self.policy)
        return CommentForm(post=post, site=SiteSettings(comment_email_required=self.is_email_required))


@dataclass(frozen=True)
class Below:
    """What stands below a post: equal to another one of which the same is drawn.

    `found` are the first conversations, and `waiting` is what its writer sees besides. `at` is as much of the
    post as is shown.
    """

    hand: Hand
    found: Found
    at: tuple[str, int]
    settings: Same[SiteSettings]
    policy: CommentPolicy
    closes_at: datetime | None
    circumstances: tuple[Hashable, ...]
    post: Post = field(compare=False)
    waiting: tuple[Said, ...] = ()

    @property
    def drawn(self) -> SafeString:
        """The first conversations, and the form for another one."""
        post, site = self.post, self.settings.it
        found = arranged(post, site, self.found, waiting=self.waiting)
        return _DISCUSSION.fill(
            post=Slug(quote(post.slug)),
            mark=shown("comments/_count.html", ("count",), post.comment_count) if post.comment_count else "",
            conversations=self.hand.drawn(found.conversations),
            paging=paging(found, newest_first=site.comments_newest_first),
            may_reply=self.hand.may_reply,
            is_for_members=self.policy == CommentPolicy.MEMBERS,
            closes=date_format(timezone.localtime(self.closes_at)) if self.closes_at else "",
            blank=Blank(self.policy, site.comment_email_required),
        )


def below_post(reader: Reader, closes_at: datetime | None) -> SafeString:
    """All that stands below a post: once for all readers who have not just written there, as long as it is the same."""
    hand, post, found = hand_of(reader), reader.post, first(reader)
    at, site = (post.slug, post.comment_count), Same(reader.site)
    below = Below(hand, found, at, site, reader.policy, closes_at, circumstances(), post, tuple(reader.waiting))
    return below.drawn if hand.writer or settings.DEBUG else _drawn(below)


_drawn = Remembered[Below](lambda below: below.drawn, ROOM)


def paging(found: Discussion, *, newest_first: bool) -> SafeString:
    return _PAGING.fill(previous=found.previous, next=found.next, newest_first=newest_first)


def drawn(reader: Reader, conversations: Iterable[Conversation]) -> SafeString:
    """Conversations with the replies below each, as this reader sees them."""
    return hand_of(reader).drawn(conversations)


def joined(parts: Iterable[SafeString]) -> SafeString:
    found = list(parts)
    return markup.filled("{}" * len(found), found)


class Portrait(NamedTuple):
    """`width` and `height` are pixels."""

    url: str
    width: str
    height: str


@dataclass(frozen=True)
class Hand:
    """What draws comments below a post, from all that they are drawn with.

    `below` is the address below which each has its own, `authors` are the portraits of who wrote the post, by their
    accounts. `writer` is the reader, if they have just written here: all others see the same.
    """

    below: str
    zone: tzinfo
    may_reply: bool
    authors: tuple[tuple[int | None, Portrait | None], ...]
    writer: Reader | None

    def drawn(self, conversations: Iterable[Conversation]) -> SafeString:
        """Conversations with the replies below each.

        For all but those who have just written here each is drawn once, as long as anyone asks for it: a page that
        somebody adds a comment to is drawn anew, and has only one conversation that is not as it was.
        """
        if self.writer or settings.DEBUG:
            return joined(map(self.conversation, conversations))
        here = circumstances()
        return joined(_kept((self, conversation, here)) for conversation in conversations)

    def conversation(self, conversation: Conversation) -> SafeString:
        top, total = conversation.top, conversation.total
        return _CONVERSATION.fill(
            top=self.comment(_COMMENT, top),
            replies=joined(map(self.reply, conversation.replies)),
            thread=f"{self.below}{top.pk}/thread/",
            total=total if conversation.has_more else 0,
        )

    def reply(self, entry: Entry) -> SafeString:
        place = {"opens": entry.opens, "closes": entry.closes}
        if entry.answers is None:
            return self.comment(_REPLY, entry.comment, **place)
        address = f"#comment-{entry.answers.pk}" if entry.is_near else f"{self.below}{entry.answers.pk}/"
        return self.comment(_REPLY, entry.comment, answered=entry.answers.author_name, answered_at=address, **place)

    def comment(self, stencil: Stencil, comment: Said, **more: Any) -> SafeString:
        """A comment as this reader sees it, or the place where one was."""
        if not (self.writer.sees(comment) if self.writer else comment.is_public):
            return stencil.fill(is_removed=True, anchor=comment.anchor, **more)
        return stencil.fill(**self.flags(comment), **self.words(comment), **more)

    def flags(self, comment: Said) -> dict[str, bool]:
        return {
            "by_author": comment.user_id in dict(self.authors),
            "is_staff": bool(comment.is_staff),
            "is_edited": comment.edited_at is not None,
            "is_waiting": not comment.is_public,
            "may_change": self.writer is not None and self.writer.may_change(comment),
            "may_reply": self.may_reply and comment.is_public,
        }

    def words(self, comment: Said) -> dict[str, str]:
        portrait = dict(self.authors).get(comment.user_id) or ornament(comment)
        return {
            "anchor": comment.anchor,
            "picture": portrait.url,
            "width": portrait.width,
            "height": portrait.height,
            "website": comment.website,
            "name": comment.author_name,
            # As `Comment.get_absolute_url()`, without asking for each anew.
            "permalink": f"{self.below}{comment.pk}/",
            "written_at": comment.created_at.isoformat(timespec="seconds"),
            "written": in_words(comment.created_at, self.zone),
            "html": comment.html,
        }


def hand_of(reader: Reader) -> Hand:
    return Hand(
        path_to("comments:discussion", reader.post.slug),
        timezone.get_current_timezone(),
        reader.may_reply,
        tuple([(user, portrait_of(author)) for user, author in reader.authors.items()]),
        reader if reader.own else None,
    )


def portrait_of(author: Author) -> Portrait | None:
    picture = author.picture
    if picture is None:
        return None
    shown = Image.shown_as(str(picture.file), picture.width, picture.height, picture.moves)
    return Portrait(shown.url, str(shown.width), str(shown.height))


def ornament(comment: Said) -> Portrait:
    return Portrait(avatars.address(comment.email, comment.author_name), str(avatars.SIZE), str(avatars.SIZE))


def _conversation(key: tuple[Hand, Conversation, tuple[Hashable, ...]]) -> SafeString:
    hand, conversation, _circumstances = key
    return hand.conversation(conversation)


_kept = Remembered(_conversation, ROOM)


def forget() -> None:
    """For tests that change what is otherwise settled once the process runs."""
    _drawn.forget()
    _kept.forget()
