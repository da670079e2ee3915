from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from posts.models import CommentPolicy, Post

from .. import discussion
from ..discussion import Reader
from ..drawing import drawn
from ..forms import CommentForm
from ..policy import closes_at

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


@register.simple_tag
def conversations(reader: Reader, found: discussion.Discussion) -> SafeString:
    """One page of conversations, with the replies below each."""
    return drawn(reader, found.conversations)
