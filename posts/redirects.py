"""Old addresses: when something published moves, its old address leads to the new one."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.redirects.middleware import RedirectFallbackMiddleware
from django.contrib.redirects.models import Redirect
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from .models import Page, Post

MAX_LENGTH = Redirect._meta.get_field("old_path").max_length or 0


def leave_forwarding_address(old_path: str, new_path: str) -> None:
    """Lead `old_path` to `new_path`, and straight on whatever led to the old one; never in a circle.

    An address too long for the table, as that of a long Japanese title is once it is quoted, is not forwarded.
    """
    if old_path == new_path or max(len(old_path), len(new_path)) > MAX_LENGTH:
        return
    redirects = Redirect.objects.filter(site_id=settings.SITE_ID)
    with transaction.atomic():
        redirects.filter(old_path=new_path).delete()
        redirects.filter(new_path=old_path).update(new_path=new_path)
        Redirect.objects.update_or_create(site_id=settings.SITE_ID, old_path=old_path, defaults={"new_path": new_path})


class ForwardingMiddleware(RedirectFallbackMiddleware):
    """Django's own, which leads nobody to what nobody may read: its new slug may be the secret."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        return response if leads_to_hidden(answer.headers.get("Location", "")) else answer


def leads_to_hidden(address: str) -> bool:
    """Whether a post or a page belongs at this address, but none that anyone may read."""
    try:
        match = resolve(unquote(urlsplit(address).path))
    except Resolver404:
        return False
    slug = match.kwargs.get("slug")
    if match.view_name == "posts:post":
        return not Post.published.readable().filter(slug=slug).exists()
    return match.view_name == "posts:page" and not Page.published.filter(slug=slug).exists()
