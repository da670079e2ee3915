"""/robots.txt: what crawlers need not fetch, whatever the owner's policy is."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from posts.addresses import absolute
from posts.crawlers import robots_txt
from posts.middleware import SiteRequest

# Forms, answers to forms, and lists without end. Pages that search engines shall forget are not among them: these say
# so themselves, which a crawler has to read.
CLOSED = (
    "/admin/",
    "/search/?q=",
    "/search/instant/",
    "/search/suggestions/",
    "/tag/*+",
    "/comments/moderate/",
    "/comments/my-data/",
    "/comments/sign-in/",
    "/comments/subscriptions/",
    *(
        f"/posts/*/comments/{form}/"
        for form in ("subscribe", "write", "*/reply", "*/received", "*/edit", "*/delete", "*/report")
    ),
)


def robots(request: SiteRequest) -> HttpResponse:
    policy = request.site_settings.crawler_policy
    text = robots_txt(policy, CLOSED, absolute(request, reverse("posts:sitemap")))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
