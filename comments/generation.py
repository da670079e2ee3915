"""The generation of the conversation: a counter that turns with each change of what anyone may read of comments.

It is one of its own, since a comment makes no post look new. See `posts.generation`. What stands below a single post
is counted among its surroundings as well, with all that a discussion shows and no feed.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from posts.generation import SURROUNDINGS
from posts.triggers import Watch, install

from .models import Comment

CONVERSATION = 2
"""The row of the table of generations; 1 is the content's."""

IN_FEEDS = (
    "post_id",
    "parent_id",
    "author_name",
    "body_html",
    "status",
    "deleted_at",
    "created_at",
    "edited_at",
)
BELOW_A_POST = (*IN_FEEDS, "thread_id", "stands", "user_id", "email", "website")
# Whoever wrote a comment is marked as one of the site's own.
OF_ITS_WRITER = ("is_staff", "is_active")


def watch(using: str = "default", **_: Any) -> None:
    """Called after each migrate."""
    install(using, all_watches())


def all_watches() -> list[Watch]:
    """What waits, and spam, may come in any number: it turns nothing."""
    public = "{row}.status = 'approved' AND {row}.deleted_at IS NULL"
    comments, users = Comment._meta.db_table, get_user_model()._meta.db_table
    seen = f"({public}) OR {{row}}.stands"
    written = f"SELECT post_id AS id FROM {comments} WHERE user_id = {{row}}.id AND stands"  # noqa: S608 -- all of it is ours
    return [
        Watch(CONVERSATION, comments, IN_FEEDS, only=public),
        Watch(SURROUNDINGS, comments, BELOW_A_POST, only=seen, around="SELECT {row}.post_id AS id"),
        Watch(SURROUNDINGS, users, OF_ITS_WRITER, where=f"EXISTS ({written})", around=written),
    ]
