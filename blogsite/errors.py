from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from posts.middleware import SiteRequest, activate
from posts.models import Post

RECENT = 5
PLAIN = "text/plain; charset=utf-8"


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
    """A missing page, with a search box and the newest posts, in the site's own frame.

    An address that matches no view has not been through the middleware's `process_view`.
    """
    activate(request.site_settings)
    recent = Post.published.listed().newest_first().for_list()[:RECENT]
    return render(request, "404.html", {"recent": recent}, status=404)
