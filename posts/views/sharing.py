"""The social card of a post, as a picture."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.generic import View

from ..cards import card_of, shelf
from ..middleware import SiteRequest
from ..models import Post

RETRY_SECONDS = "10"


class CardView(View):
    """The card at its one address of the moment; an older address leads there.

    A cache has to ask each time: nobody shall see the title of a post that has been taken down. What follows a question
    mark is not looked at, so that no address can ask for a drawing that is not there yet but one.
    """

    request: SiteRequest

    def get(self, request: SiteRequest, slug: str, version: str) -> HttpResponse:
        post = get_object_or_404(Post.published.readable().for_card(), slug=slug)
        card = card_of(post, request.site_settings)
        if version != card.version:
            return redirect("posts:card", slug, card.version)
        try:
            content = shelf.picture(card)
        except shelf.Busy:
            return HttpResponse(status=503, headers={"Retry-After": RETRY_SECONDS})
        return HttpResponse(content, content_type="image/png", headers={"Cache-Control": "public, max-age=0"})
