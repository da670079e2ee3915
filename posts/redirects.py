"""Old addresses: when something published moves, its old address leads to the new one."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseGone, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path

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


class ForwardingMiddleware:
    """Lead from an old address, however it is spelt, to the new one; nobody to what nobody may read.

    In place of Django's own, which knows one spelling alone. A hidden post's new slug may be a secret.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        target = forwarding_address(request) if response.status_code == HTTPStatus.NOT_FOUND else None
        if target is None or leads_to_hidden(target):
            return response
        return HttpResponsePermanentRedirect(target) if target else HttpResponseGone()


def forwarding_address(request: HttpRequest) -> str | None:
    """Where this request's address leads to; "" where it is known to be gone. One query."""
    ways = spellings(request)
    known = Redirect.objects.filter(site_id=settings.SITE_ID, old_path__in=ways).values_list("old_path", "new_path")
    forwarded = {old: new for old, new in known if new != request.get_full_path()}
    return next((forwarded[way] for way in ways if way in forwarded), None)


def spellings(request: HttpRequest) -> list[str]:
    """The old addresses that a request may mean, the closest first."""
    folder = re.sub(r"(?<=/)index\.\w{3,5}$", "", request.path, flags=re.ASCII)
    slashed = folder if folder.endswith("/") else f"{folder}/"
    paths = [request.path, folder, slashed, request.path.lower(), slashed.lower()]
    ways = dict.fromkeys([request.get_full_path(), *map(escape_uri_path, paths)])
    return [way for way in ways if len(way) <= MAX_LENGTH]


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
