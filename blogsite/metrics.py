"""Figures for whoever watches the service, in the text format of Prometheus."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe

from .pagecache import metrics


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What the page cache does, for whoever sends the METRICS_TOKEN; for all others there is nothing here."""
    expected = f"Bearer {settings.METRICS_TOKEN}"
    if not settings.METRICS_TOKEN or not constant_time_compare(request.headers.get("Authorization", ""), expected):
        raise Http404("There is nothing here.")
    return HttpResponse(
        metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


show.without_site_settings = True  # type: ignore[attr-defined]  # for the middleware
