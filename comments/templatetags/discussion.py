from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from posts.models import CommentPolicy, Post

from .. import avatars, discussion
from ..discussion import Reader
from ..forms import CommentForm
from ..models import Comment
from ..policy import closes_at
from ..threads import Entry

register = template.Library()


@register.inclusion_tag("comments/_discussion.html", takes_context=True, name="discussion")
def discussion_below(context: Context, post: Post) -> dict[str, Any]:
    """The first page of the comments below a post, and the form for another one.

    Nothing of it depends on who is looking, unless they have just written here. A post that only its editors can see
    has no discussion: the addresses of its comments are missing.
    """
    if not post.is_readable:
        return {"post": None}
    reader = Reader(context["request"], post, context["site"])
    return {
        "post": post,
        "reader": reader,
        "discussion": discussion.read(reader),
        "is_for_members": reader.policy == CommentPolicy.MEMBERS,
        "closes_at": closes_at(post, reader.site),
        "form": CommentForm(post=post, site=reader.site),
    }


@register.inclusion_tag("comments/_conversations.html")
def conversations(reader: Reader, found: discussion.Discussion) -> dict[str, Any]:
    """One page of conversations, with the replies below each."""
    return {"reader": reader, "post": reader.post, "conversations": found.conversations}


@register.inclusion_tag("comments/_comment.html")
def one_comment(reader: Reader, comment: Comment, entry: Entry | None = None) -> dict[str, Any]:
    """A comment as this reader sees it, or the place where one was; `entry` says what else to tell of a reply."""
    if not reader.sees(comment):
        return {"comment": comment, "is_removed": True}
    return {
        "comment": comment,
        "post": reader.post,
        "answers": entry and entry.answers,
        "is_near": entry and entry.is_near,
        # What is done with a comment has an address below its own: one of them is made for each, instead of four.
        "permalink": reverse("comments:comment", args=[reader.post.slug, comment.pk]),
        "written_at": comment.created_at.isoformat(timespec="seconds"),
        "author": reader.authors.get(comment.user_id),
        "is_staff": comment.user is not None and comment.user.is_staff and comment.user.is_active,
        "avatar": avatars.digits_of(comment.email, comment.author_name),
        "is_waiting": not comment.is_public,
        "may_change": reader.may_change(comment),
        "may_reply": reader.may_reply and comment.is_public,
    }
