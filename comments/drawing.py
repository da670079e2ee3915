"""Comments as HTML: whatever is said, a comment looks like all others, so that each is filled into the same form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from posts.addresses import path_to
from posts.dates import in_words
from posts.stencils import Stencil

from . import avatars
from .discussion import Reader
from .said import Said
from .threads import Conversation, Entry

type Around = dict[str, bool | range]
"""What is asked of a comment and of its place, apart from its words."""

_CONVERSATION = Stencil("comments/_conversation.html")
_COMMENT = Stencil("comments/_comment.html")
_REPLY = Stencil("comments/_reply.html")


def drawn(reader: Reader, conversations: Iterable[Conversation]) -> SafeString:
    """Conversations with the replies below each, as this reader sees them."""
    hand = Hand(reader, path_to("comments:discussion", reader.post.slug), timezone.get_current_timezone())
    return joined(map(hand.conversation, conversations))


def joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


@dataclass(frozen=True)
class Hand:
    """What draws comments for a reader. `below` is the address below which each has its own."""

    reader: Reader
    below: str
    zone: tzinfo

    def conversation(self, conversation: Conversation) -> SafeString:
        top, total = conversation.top, conversation.total
        return _CONVERSATION.fill(
            {"has_more": conversation.has_more, "total": total if conversation.has_more else 0},
            top=self.comment(_COMMENT, top, {}),
            replies=joined(map(self.reply, conversation.replies)),
            thread=f"{self.below}{top.pk}/thread/",
        )

    def reply(self, entry: Entry) -> SafeString:
        around: Around = {"opens": entry.opens, "closes": entry.closes}
        if entry.answers is None:
            return self.comment(_REPLY, entry.comment, around)
        address = f"#comment-{entry.answers.pk}" if entry.is_near else f"{self.below}{entry.answers.pk}/"
        return self.comment(_REPLY, entry.comment, around, answered=entry.answers.author_name, answered_at=address)

    def comment(self, stencil: Stencil, comment: Said, around: Around, **holes: str) -> SafeString:
        """A comment as this reader sees it, or the place where one was."""
        if not self.reader.sees(comment):
            return stencil.fill({"is_removed": True, **around}, anchor=comment.anchor)
        return stencil.fill(self.shape(comment) | around, **self.holes(comment), **holes)

    def shape(self, comment: Said) -> Around:
        reader = self.reader
        return {
            "by_author": comment.user_id in reader.authors,
            "is_staff": bool(comment.is_staff),
            "is_edited": comment.edited_at is not None,
            "is_waiting": not comment.is_public,
            "may_change": reader.may_change(comment),
            "may_reply": reader.may_reply and comment.is_public,
        }

    def holes(self, comment: Said) -> dict[str, str]:
        author = self.reader.authors.get(comment.user_id)
        picture = author.picture if author else None
        return {
            "anchor": comment.anchor,
            "picture": picture.file.url if picture else avatars.address(comment.email, comment.author_name),
            "width": str(picture.width if picture else avatars.SIZE),
            "height": str(picture.height if picture else avatars.SIZE),
            "website": comment.website,
            "name": comment.author_name,
            # As `Comment.get_absolute_url()`, without asking for each anew.
            "permalink": f"{self.below}{comment.pk}/",
            "written_at": comment.created_at.isoformat(timespec="seconds"),
            "written": in_words(comment.created_at, self.zone),
            "html": comment.html,
        }
