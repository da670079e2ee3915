"""What the editor's script asks for: answers are JSON, refusals too, and never a page or a way to log in."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from .. import hints, markup
from ..files import images, upload_tokens
from ..models import Tag
from ..models.languages import is_right_to_left, languages
from ..models.written import labels, picture_of

MULTIPART_OVERHEAD = 64 * 1024
MAX_SUGGESTIONS = 10
MINUTE = 60
LIMIT = {"limit": markup.MAX_BODY_LENGTH}


def refusal(status: int, sentence: str) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)


def for_script(*, allowed: Callable[[HttpRequest], bool], a_minute: int, max_bytes: int) -> Callable:
    """Guard a view that a script calls: size, session, CSRF token, permission and rate, each refused in words.

    The size is looked at first, since whoever reads a form for its token reads all of it.
    """

    def decorate(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
        protected = csrf_protect(view)

        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            refused = _refused(request, allowed, max_bytes) or _too_often(request, view.__name__, a_minute)
            response = refused or protected(request)
            add_never_cache_headers(response)
            return response

        return guarded

    return decorate


def _refused(request: HttpRequest, allowed: Callable[[HttpRequest], bool], max_bytes: int) -> HttpResponse | None:
    if not (request.user.is_active and request.user.is_staff):
        return refusal(401, _("You are logged out. Log in again in another tab, then go on here: nothing is lost."))
    if not allowed(request):
        return refusal(403, _("Your account may not do this."))
    if int(request.META.get("CONTENT_LENGTH") or 0) > max_bytes:
        return refusal(413, _("This is too large: the limit is %(limit)d MB.") % {"limit": max_bytes // 1024**2})
    return None


def _too_often(request: HttpRequest, name: str, a_minute: int) -> HttpResponse | None:
    key = f"desk:{name}:{request.user.pk}:{int(time.time()) // MINUTE}"
    if hints.count(key, 2 * MINUTE) <= a_minute:
        return None
    response = refusal(429, _("That was too often in one minute. Wait a moment, then try again."))
    response.headers["Retry-After"] = str(MINUTE)
    return response


def preview(request: HttpRequest) -> JsonResponse:
    """The rendered text of `body` in its `language`, as readers would get it.

    `{"html", "words", "minutes", "lang", "dir"}`; the last two are attributes of the text.
    """
    body = request.POST.get("body")
    if body is None:
        return refusal(400, _("There is no text to show."))
    if len(body) > markup.MAX_BODY_LENGTH:
        return refusal(413, _("This text is too long to be shown. The limit is %(limit)d characters.") % LIMIT)
    language = request.POST.get("language", "")
    if language not in dict(languages()):
        language = get_language() or settings.LANGUAGE_CODE
    rendered = markup.render(body, doc_id="preview", picture_of=picture_of, labels=labels(language))
    counts = {"words": rendered.word_count, "minutes": rendered.reading_minutes}
    attributes = {"lang": language, "dir": "rtl" if is_right_to_left(language) else "ltr"}
    return JsonResponse({"html": rendered.html, **counts, **attributes})


def upload(request: HttpRequest) -> JsonResponse:
    """Keep the picture in `file`: `{"url", "width", "height", "token"}`; the token names it in the form."""
    sent = request.FILES.get("file")
    if sent is None:
        return refusal(400, _("No file has arrived."))
    try:
        image = images.keep(sent, uploaded_by=request.user)
    except ValidationError as error:
        return refusal(413 if error.code == "too_large" else 400, " ".join(error.messages))
    size = {"width": image.width, "height": image.height}
    return JsonResponse({"url": image.file.url, "token": upload_tokens.sign(image), **size}, status=201)


def suggest_tags(request: HttpRequest) -> JsonResponse:
    """Up to ten tags whose name begins with `q`, and then such as hold it elsewhere: `{"tags": [name, …]}`."""
    key = Tag.key_for(markup.clean_line(request.GET.get("q", "")[:100]))
    if not key:
        return JsonResponse({"tags": []})
    names = Tag.objects.order_by("key").values_list("name", flat=True)
    found = list(names.filter(key__startswith=key)[:MAX_SUGGESTIONS])
    if len(found) < MAX_SUGGESTIONS:
        elsewhere = names.filter(key__contains=key).exclude(key__startswith=key)
        found += elsewhere[: MAX_SUGGESTIONS - len(found)]
    return JsonResponse({"tags": found})


def max_upload_bytes() -> int:
    return settings.IMAGE_MAX_BYTES + MULTIPART_OVERHEAD
