"""What is said to a reader who cannot do what they have asked for, or not yet."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..limits import TooMany

FOREIGN = _("This was not sent from our own page. If you meant to send it, send it again.")
TOO_LARGE = _("This is more than a comment can hold.")
LIKE_A_MISSING_ONE = "No such comment, or none that may be seen here."


def later(refusal: TooMany) -> str:
    sentence = ngettext(
        "Too much has come from your network, or to this post, in a short time. Try again in %(n)d minute.",
        "Too much has come from your network, or to this post, in a short time. Try again in %(n)d minutes.",
        refusal.minutes,
    )
    return sentence % {"n": refusal.minutes}


def with_retry(response: HttpResponse, refusal: TooMany) -> HttpResponse:
    """With the header that tells programs when to come again (RFC 9110, section 10.2.3)."""
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response
