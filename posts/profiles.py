"""The public face of an account, made when it first writes."""

from __future__ import annotations

from typing import Any

from .models import Author


def profile_of(user: Any) -> Author | None:
    """Its profile, unless that lies in the trash; the account itself remembers it."""
    author = getattr(user, "author", None)
    return author if author and not author.is_trashed else None


def public_name(user: Any) -> str:
    """The name that readers may see; "" where the account has none but its login name, which is nobody's business."""
    return user.get_full_name().strip()


def ensure_profile(user: Any, display_name: str = "") -> Author:
    """The account's profile, made or brought back from the trash where need be.

    Raises ValueError when a new one would have no name: ask for it first.
    """
    author = Author.all_objects.filter(user=user).first()
    if author is None:
        name = display_name or public_name(user)
        if not name:
            raise ValueError("A profile needs a name: ask the writer for it.")
        return Author.objects.create(user=user, display_name=name)
    if author.is_trashed:
        author.slug = author.available_slug()
        author.restore()
    return author
