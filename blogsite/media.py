"""Uploaded pictures, served by the application itself, so that one process is a whole site."""

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.static import serve as serve_file


def serve(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of MEDIA_ROOT. Names are made from the content, so that a browser may keep what it has for ever.

    The policy takes every right from a file that someone opens as a page of its own.
    """
    try:
        response = serve_file(request, name, document_root=settings.MEDIA_ROOT)
    except (SuspiciousFileOperation, ValueError, OSError) as error:  # NUL bytes, names that are too long
        raise Http404("There is no such file.") from error
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


serve.without_site_settings = True  # type: ignore[attr-defined]  # for the middleware
