"""What somebody had written before they had to sign in, kept in their session until they are back."""

from __future__ import annotations

from django.http import HttpRequest

_KEY = "comment_draft"
MAX_LENGTH = 100_000


def keep(request: HttpRequest, path: str, body: str) -> None:
    """Keep a text for the form at `path`. Only who is signed in has a session that anything is kept in."""
    if path and body and len(body) <= MAX_LENGTH:
        request.session[_KEY] = {"path": path, "body": body}


def of(request: HttpRequest) -> str:
    """The text for the form that is asked for."""
    draft = request.session.get(_KEY, {}) if request.user.is_authenticated else {}
    return draft.get("body", "") if draft.get("path") == request.path else ""


def forget(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        request.session.pop(_KEY, None)
