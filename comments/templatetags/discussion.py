from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from posts.models import Post
from posts.shown import shows

from .. import discussion, drawing
from ..discussion import Reader
from ..policy import closes_at

register = template.Library()


@register.simple_tag(takes_context=True, name="discussion")
def discussion_below(context: Context, post: Post) -> SafeString | str:
    """The first page of the comments below a post, and the form for another one.

    Nothing of it depends on who is looking, unless they have just written here. A post that only its editors can see
    has no discussion: the addresses of its comments are missing.
    """
    if not post.is_readable:
        return ""
    reader = Reader(context["request"], post, context["site"])
    until = closes_at(post, reader.site)
    # What is past does not change it any more.
    shows(reader.request, until=until if reader.may_reply else None)
    return drawing.below_post(reader, until)


@register.simple_tag
def conversations(reader: Reader, found: discussion.Discussion) -> SafeString:
    """One page of conversations, with the replies below each."""
    return drawing.drawn(reader, found.conversations)


@register.simple_tag
def paging(found: discussion.Discussion, *, newest_first: bool) -> SafeString:
    """The ways to the pages of comments beside one."""
    return drawing.paging(found, newest_first=newest_first)
