"""Uploaded pictures and recordings, served by the application itself, so that one process is a whole site.

A recording is handed out piece by piece, and from where a player asks for it: none is ever in memory as a whole.
"""

from __future__ import annotations

import mimetypes
import os
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.middleware.gzip import GZipMiddleware
from django.utils._os import safe_join
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from posts.files import renditions, sound
from posts.models import Image

from .ranges import Unsatisfiable, content_range, part_asked

CHUNK = 64 * 1024
# By the endings that we give; systems differ in what they know of them.
MEDIA_TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    **{f".{ending}": media_type for ending, media_type in sound.MEDIA_TYPES.items()},
}
HEADERS = {
    # Names are made from the content, so that a browser may keep what it has for ever.
    "Cache-Control": "public, max-age=31536000, immutable",
    # Takes every right from a file that someone opens as a page of its own.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "bytes",
}


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of MEDIA_ROOT, or the part of it that is asked for."""
    try:
        return answer(request, located(name))
    except FileNotFoundError as error:  # deleted at this very moment
        raise Http404("There is no such file.") from error
    except Http404:
        if image := renditions.image_of(name):
            return instead_of_rendition(image)
        raise


serve.without_site_settings = True  # type: ignore[attr-defined]  # for the middleware


def instead_of_rendition(image: Image) -> HttpResponse:
    """The way to the picture itself, while its smaller copies are being made: nobody waits for an encoder."""
    renditions.request(image)
    response = HttpResponseRedirect(image.file.url)
    response.headers["Cache-Control"] = "no-store"
    return response


def located(name: str) -> Path:
    """Raises Http404 for what is no file, or lies elsewhere."""
    try:
        path = Path(safe_join(settings.MEDIA_ROOT, name))
        if path.is_file():
            return path
    except (SuspiciousFileOperation, ValueError, OSError):  # NUL bytes, names that are too long
        pass
    raise Http404("There is no such file.")


def answer(request: HttpRequest, path: Path) -> HttpResponseBase:
    found = path.stat()
    headers = headers_of(path, found)
    whole = HttpResponse(headers=headers | {"Content-Length": str(found.st_size)})
    response = get_conditional_response(request, headers["ETag"], int(found.st_mtime), whole)
    if response is None or response is not whole or request.method == "HEAD":
        return response or whole
    try:
        part = wanted_part(request, headers, found.st_size)
    except Unsatisfiable:
        return unsatisfiable(found.st_size)
    if part is None:
        return Piecewise(path, range(found.st_size), headers=headers)
    headers["Content-Range"] = content_range(part, found.st_size)
    return Piecewise(path, part, status=206, headers=headers)


def headers_of(path: Path, found: os.stat_result) -> dict[str, str]:
    return {
        **HEADERS,
        "Content-Type": MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream",
        "ETag": f'"{found.st_mtime_ns:x}-{found.st_size:x}"',
        "Last-Modified": http_date(found.st_mtime),
    }


def unsatisfiable(size: int) -> HttpResponse:
    response = HttpResponse("There is no such part of this file.", status=416, content_type="text/plain")
    response.headers["Content-Range"] = content_range(None, size)
    return response


def wanted_part(request: HttpRequest, headers: dict[str, str], size: int) -> range | None:
    """The part to send, None for the whole. Raises Unsatisfiable."""
    if not is_of_this_file(request.headers.get("If-Range", ""), headers):
        return None
    return part_asked(request.headers.get("Range", ""), size)


def is_of_this_file(condition: str, headers: dict[str, str]) -> bool:
    """Whether a part fits to what its reader has (If-Range, RFC 9110 section 13.1.5)."""
    if not condition or condition == headers["ETag"]:
        return True
    return parse_http_date_safe(condition) == parse_http_date_safe(headers["Last-Modified"])


class Piecewise(StreamingHttpResponse):
    """The bytes of a file that a range names, read as they are sent."""

    def __init__(self, path: Path, part: range, **kwargs: Any) -> None:
        self.file = path.open("rb")
        self.file.seek(part.start)
        self.pieces = pieces(self.file, len(part))
        super().__init__(self.pieces, **kwargs)
        self.headers["Content-Length"] = str(len(part))

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """One piece after another; Django would first make a list of them all."""
        read = sync_to_async(partial(next, self.pieces, b""))
        while piece := await read():
            yield piece

    def close(self) -> None:
        self.file.close()
        super().close()


def pieces(file: IO[bytes], length: int) -> Iterator[bytes]:
    while length > 0 and (piece := file.read(min(CHUNK, length))):
        length -= len(piece)
        yield piece


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages. Pictures and recordings are as small as they get, and their parts must fit together."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if isinstance(response, Piecewise) else super().process_response(request, response)
