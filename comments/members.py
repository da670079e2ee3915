"""Readers who have an account: what is shown of them, and whether a form is really theirs."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from posts.markup import clean_line
from posts.models import Author

from .models import Comment

MAX_NAME = Comment._meta.get_field("author_name").max_length
MODERATE = "comments.change_comment"


def signed_in(request: HttpRequest) -> User | None:
    return request.user if request.user.is_authenticated else None


def public_name(user: User) -> str:
    """The name that stands above their comments; empty if there is none but the login name, which is never shown."""
    author = Author.objects.filter(user=user).first()
    return clean_line(author.display_name if author else user.get_full_name())[:MAX_NAME]


def is_moderator(user: User | None) -> bool:
    return user is not None and user.has_perm(MODERATE)


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check, which gives its complaint instead of a page, so that the form can be shown again."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def has_token(request: HttpRequest) -> bool:
    """Whether a form carries the CSRF token of whoever sends it: Django's own rules, in a view that is exempt.

    A view is exempt if pages for everyone lead to it, which carry no token.
    """
    return _TokenCheck(HttpResponse).process_view(request, HttpResponse, (), {}) is None
