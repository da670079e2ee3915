"""Collecting what the moderation wants to know of a new comment: from the request, the text and the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from posts.models import Author, CommentPolicy, SiteSettings
from posts.visitors import Address

from . import abuse, bans, spam_filter, word_lists
from .models import Comment
from .moderation import Signals, Writer

# How far back copies of a text are looked for, in comments of the whole site; and what is too short to be a copy:
# two people may well write "Thank you!".
COPIES_AMONG = 500
COPIED_LENGTH = 40


@dataclass(frozen=True)
class Visit:
    """What a request tells about a comment.

    `seconds` lie between opening the form and sending it; None if that is not known. `user` is signed in, and the
    request has passed the check against forgery.
    """

    address: Address | None = None
    trap_filled: bool = False
    seconds: float | None = None
    user: Any = None


def gather(comment: Comment, visit: Visit, site: SiteSettings, policy: CommentPolicy) -> Signals:
    """All signals of a comment that is about to be stored, new or changed, in a handful of queries.

    Called in the transaction that stores it, with its post locked: of two copies that race, the later finds the other.
    """
    comment.prepare()
    writer = writer_of(comment, visit.user)
    if writer == Writer.TEAM:
        return Signals(policy=policy.value, writer=writer)
    prose = abuse.prose(comment.body_html)
    searched = word_lists.Searched.of(
        [comment.body, prose, comment.author_name, comment.email, comment.website], visit.address
    )
    spam, held = word_lists.find(site.comment_spam_words, searched), word_lists.find(site.comment_hold_words, searched)
    opinion = spam_filter.judge(comment)
    return Signals(
        policy=policy.value,
        writer=writer,
        banned=bans.kind_that_meets(comment, visit.address),
        trap_filled=visit.trap_filled,
        spam_word=spam.word,
        spam_address=spam.in_address,
        hold_word=held.word,
        hold_address=held.in_address,
        spam_score=opinion.score if opinion else None,
        telling_words=opinion.words if opinion else (),
        copies=copies_of(comment),
        links=abuse.count_links(comment.body_html),
        max_links=site.comment_max_links,
        seconds=visit.seconds,
        tricks=abuse.tricks(comment.body, f"{prose}\n{comment.author_name}"),
    )


def writer_of(comment: Comment, user: Any) -> Writer:
    if user is not None and user.is_active:
        return Writer.TEAM if user.is_staff or _wrote_the_post(comment, user) else Writer.MEMBER
    if not comment.email:
        return Writer.NAMELESS
    # Both must be the same: an address alone can be guessed, and a name is there for all to read.
    approved = Comment.objects.approved().filter(email=comment.email, author_name=comment.author_name)
    return Writer.KNOWN if approved.exclude(pk=comment.pk).exists() else Writer.NEWCOMER


def _wrote_the_post(comment: Comment, user: Any) -> bool:
    is_of_post = Q(posts=comment.post_id) | Q(co_written=comment.post_id)
    return Author.all_objects.filter(is_of_post, user=user.pk).exists()


def copies_of(comment: Comment) -> int:
    """How many of the site's newest comments have the very same text, whatever has become of them."""
    if len(comment.body) < COPIED_LENGTH:
        return 0
    newest = Comment.all_objects.order_by("-created_at", "-pk").values("pk")[:COPIES_AMONG]
    return Comment.all_objects.filter(pk__in=newest, body=comment.body).exclude(pk=comment.pk).count()
