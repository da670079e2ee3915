from django.http import HttpResponse
from django.shortcuts import render

from posts.middleware import SiteRequest, activate
from posts.models import Post

RECENT = 5


def not_found(request: SiteRequest, exception: Exception) -> HttpResponse:
    """A missing page, with a search box and the newest posts, in the site's own frame.

    An address that matches no view has not been through the middleware's `process_view`.
    """
    activate(request.site_settings)
    recent = Post.published.listed().newest_first().for_list()[:RECENT]
    return render(request, "404.html", {"recent": recent}, status=404)
