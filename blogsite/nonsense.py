"""What Django itself breaks on, caught at the door: a request is answered or refused, and never an error of ours."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class NonsenseMiddleware:
    """Refuse a form in an encoding that is none of texts, and overlook a session that is none of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and not decodes_text(request.encoding):
            raise BadRequest("The charset of this request is not one of texts.")
        if not request.COOKIES.get(settings.SESSION_COOKIE_NAME, "none").isalnum():
            # A cookie can carry a NUL, in quotes; PostgreSQL takes none.
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        return self.get_response(request)


def decodes_text(encoding: str) -> bool:
    """Whether Django can read a form with it. Python also knows codecs of bytes, such as base64, and strict ones."""
    try:
        b"text".decode(encoding, "replace")
    except (LookupError, ValueError):
        return False
    return True
