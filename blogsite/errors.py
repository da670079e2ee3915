import re
import sys

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import defaults

from posts.middleware import SiteRequest, activate
from posts.search import languages_for
from posts.ways.guessing import guess

from .outages import is_outage, unavailable

PLAIN = "text/plain; charset=utf-8"

# What programs ask for, thousands of times a day, and no reader: files, and the doors of other software.
NO_PAGE = re.compile(
    r"\.(?:asp|aspx|avif|bak|bz2|cfg|cgi|conf|css|env|exe|gif|gz|ico|ini|jpe?g|js|json|jsp|log|map|mp3|mp4|php\d?|phtml"
    r"|png|py|rar|rb|sh|sql|svg|tar|tgz|txt|webp|woff2?|xml|ya?ml|zip)/?$"
    r"|/(?:\.|cgi-bin/|media/|phpmyadmin|static/|vendor/|wp-(?:admin|content|includes|json|login))",
    re.IGNORECASE | re.ASCII,
)


def bad_request(request: SiteRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be answered, in a sentence: no page, since the reason may be the request itself."""
    if isinstance(exception, RequestDataTooBig):
        sentence = _(
            "This is too large to be taken. Go back: your browser still has what you wrote, so you can split it."
        )
        return HttpResponse(sentence, status=413, content_type=PLAIN)
    return HttpResponse(_("This request makes no sense to the server."), status=400, content_type=PLAIN)


def missing(request: SiteRequest, **address: str) -> HttpResponse:
    """The view of an address that shall hold nothing."""
    raise Http404("There is nothing here.")


def not_found(request: SiteRequest, exception: Exception) -> HttpResponse:
    """A missing page, with what may have been meant, in the site's own frame.

    An address that matches no view has not been through the middleware's `process_view`.
    """
    if request.method not in {"GET", "HEAD"} or NO_PAGE.search(request.path):
        return HttpResponse(_("There is nothing at this address."), status=404, content_type=PLAIN)
    activate(request.site_settings)
    meant = guess(request.path, languages_for(request))
    return render(request, "404.html", {"query": meant.words, "meant": meant}, status=404)


def server_error(request: SiteRequest) -> HttpResponse:
    """Called while the exception is being handled: our fault, or a database that is gone for now."""
    if is_outage(sys.exception()):
        return unavailable()
    return defaults.server_error(request)
