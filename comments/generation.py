"""The generation of the conversation: a counter that turns with each change of what anyone may read of comments.

It is one of its own, since a comment makes no post look new. See `posts.generation`.
"""

from __future__ import annotations

from typing import Any

from posts.triggers import Watch, install

from .models import Comment

CONVERSATION = 2
"""The row of the table of generations; 1 is the content's."""

PUBLIC_COLUMNS = (
    "post_id",
    "parent_id",
    "author_name",
    "body_html",
    "status",
    "deleted_at",
    "created_at",
    "edited_at",
)


def install_conversation_triggers(using: str = "default", **_: Any) -> None:
    """Called after each migrate. What waits, and spam, may come in any number: it turns nothing."""
    public = "{row}.status = 'approved' AND {row}.deleted_at IS NULL"
    install(using, [Watch(CONVERSATION, Comment._meta.db_table, PUBLIC_COLUMNS, only=public)])
