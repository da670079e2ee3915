"""What Django itself breaks on, caught at the door: a request is answered or refused, and never an error of ours."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

# What forms come in: UTF-8 from browsers, the others from old programs. Python knows a hundred more, among them some
# that read surrogates, which no database takes (UTF-7), and one that reads in the square of the length (Punycode).
ENCODINGS = {"utf-8", "ascii", "iso8859-1", "cp1252"}


# What Django gives out: any other value it would answer with a cookie, on pages that set none. A quoted one can hold a
# NUL besides, which PostgreSQL does not take.
COOKIES = {
    settings.SESSION_COOKIE_NAME: re.compile("[a-z0-9]{32}"),
    settings.CSRF_COOKIE_NAME: re.compile("(?:[A-Za-z0-9]{32}){1,2}"),
}


class NonsenseMiddleware:
    """Refuse a form in an encoding that forms do not come in, and overlook cookies that are none of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name not in ENCODINGS:
            raise BadRequest("The charset of this request is not one of forms.")
        for name, form in COOKIES.items():
            if name in request.COOKIES and not form.fullmatch(request.COOKIES[name]):
                del request.COOKIES[name]
        return self.get_response(request)
