"""Who hears of a comment that waits, and who may decide about it."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User

from posts.models import Post

from ..members import MODERATE, is_moderator
from ..models import Comment


def moderators() -> list[User]:
    """Everyone who moderates and has an address to be written to."""
    staff = get_user_model().objects.with_perm(MODERATE).filter(is_staff=True)
    return list(staff.exclude(email="").order_by("pk"))


def may_decide(user: User) -> bool:
    return user.is_staff and is_moderator(user)


def writers(post: Post) -> list[User]:
    """The accounts that wrote a post, alone or with others, and can be written to."""
    users = [author.user for author in post.byline if author.user]
    return [user for user in users if user.is_active and user.email]


def hears_of(user: User, comment: Comment) -> bool:
    """Whether this account is to be told that the comment waits: a moderator, or who wrote the post."""
    return may_decide(user) or user in writers(comment.post)
