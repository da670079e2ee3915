from typing import Any

from django import template
from django.template import Context

from posts.models import CommentPolicy, Post

from ..forms import CommentForm
from ..models import Comment
from ..policy import policy_of
from ..threads import arrange

register = template.Library()


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: Context, post: Post) -> dict[str, Any]:
    """The comments below a post, and the form for another one. Nothing of it depends on who is looking.

    A post that only its editors can see has no discussion: the addresses of its comments are missing.
    """
    if not post.is_readable:
        return {"post": None}
    comments = Comment.objects.for_discussion(post).defer("body", "email", "reasons")
    is_open = policy_of(post, context["site"]) != CommentPolicy.OFF
    return {"post": post, "entries": arrange(comments), "form": CommentForm() if is_open else None}
