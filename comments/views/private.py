"""Pages for one person, who has come by a link in their mail.

The link is what gives the right to all of this, whoever is signed in. So nothing of it is kept by a cache or told to
another page, and to open it changes nothing: mail programs look at links before their readers do.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import TemplateView


# No token of a session is asked for: nobody's session gives a right to anything here.
@method_decorator(csrf_exempt, name="dispatch")
class PrivateView(TemplateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)
