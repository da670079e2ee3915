"""A reader's own comments: a signed cookie vouches for those that this browser has just written.

It is set by the answer to a posted comment and by nothing else, reaches no further than the pages of that post, and
goes as soon as nothing that it vouches for can be changed or waits any more. Whoever sends it gets pages of their own,
see `comments.middleware`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from posts.models import SiteSettings

from .models import Comment

if TYPE_CHECKING:
    from .said import Said

COOKIE = "own_comments"
MAX_AGE = timedelta(days=30)
MAX_IDS = 20
_SALT = "comments.own"


def ids(request: HttpRequest) -> list[int]:
    """The comments that the cookie vouches for, the newest last; none if it is missing, forged or too old."""
    if COOKIE not in request.COOKIES:
        return []
    try:
        found = signing.loads(request.COOKIES[COOKIE], salt=_SALT, max_age=MAX_AGE)
    except signing.BadSignature:
        return []
    return [pk for pk in found if isinstance(pk, int)] if isinstance(found, list) else []


def may_change(request: HttpRequest, comment: Comment | Said, site: SiteSettings) -> bool:
    """Whether this browser wrote the comment, and a moment ago.

    Who is signed in is asked only once the cookie has vouched for the comment: pages for everyone stay the same.
    """
    return comment.pk in ids(request) and not _is_of_another(request, comment) and is_fresh(comment, site)


def may_change_by_account(request: HttpRequest, comment: Comment | Said, site: SiteSettings) -> bool:
    """Whether who is signed in wrote the comment, and a moment ago."""
    return comment.user_id is not None and not _is_of_another(request, comment) and is_fresh(comment, site)


def _is_of_another(request: HttpRequest, comment: Comment | Said) -> bool:
    """Whether it was written with an account that is not signed in here: to sign out is to give it out of hand."""
    return comment.user_id is not None and comment.user_id != request.user.pk


def is_fresh(comment: Comment | Said, site: SiteSettings) -> bool:
    return not comment.is_trashed and comment.created_at > changeable_since(site)


def changeable_since(site: SiteSettings) -> datetime:
    return timezone.now() - timedelta(minutes=site.comment_edit_minutes)


def grant(request: HttpRequest, response: HttpResponse, comment: Comment) -> None:
    """Let the answer to a posted comment carry the capability to see and to change it."""
    others = [pk for pk in ids(request) if pk != comment.pk]
    response.set_cookie(
        COOKIE,
        signing.dumps([*others, comment.pk][-MAX_IDS:], salt=_SALT),
        max_age=MAX_AGE,
        path=comment.post.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def withdraw(request: HttpRequest, response: HttpResponse) -> None:
    """Take the cookie back, from the pages of the post that the request was about."""
    match = request.resolver_match
    if match and "slug" in match.kwargs:
        response.delete_cookie(COOKIE, path=reverse("posts:post", args=[match.kwargs["slug"]]), samesite="Lax")


def matter(pks: Iterable[int], site: SiteSettings) -> bool:
    """Whether any of these comments waits or can be changed. Spam waits as well, as far as its writer knows."""
    matters = ~Q(status=Comment.Status.APPROVED) | Q(created_at__gt=changeable_since(site))
    return Comment.objects.filter(matters, pk__in=list(pks)).exists()
