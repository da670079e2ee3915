"""Signing in and out for readers with an account: Django's own views, in the looks of the site."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from posts.visitors import client_address

from .. import drafts, limits
from .refusals import with_retry


def too_many(refusal: limits.TooMany) -> str:
    sentence = ngettext(
        "Too many attempts. Try again in %(n)d minute.",
        "Too many attempts. Try again in %(n)d minutes.",
        refusal.minutes,
    )
    return sentence % {"n": refusal.minutes}


class SignInForm(AuthenticationForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        # The focus goes to what is wrong, where something is.
        del self.fields["username"].widget.attrs["autofocus"]
        self.fields["username"].error_messages["required"] = _("Enter your username.")
        self.fields["password"].error_messages["required"] = _("Enter your password.")


class SignInView(LoginView):
    """Leads back to `next`, with what was written there before."""

    template_name = "comments/sign_in.html"
    form_class = SignInForm
    next_page = "posts:home"
    redirect_authenticated_user = True

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Never back to this page, which would send on for ever whoever is signed in."""
        address = super().get_redirect_url(request)
        return "" if address.startswith(self.request.path) else address

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            limits.count(limits.by_address("sign_in", client_address(request), limits.SIGN_INS))
        except limits.TooMany as refusal:
            return self.refuse(refusal)
        return super().post(request, *args, **kwargs)

    def refuse(self, refusal: limits.TooMany) -> HttpResponse:
        context = self.get_context_data(form=SignInForm(self.request), sentence=too_many(refusal))
        return with_retry(self.render_to_response(context, status=429), refusal)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        drafts.keep(self.request, self.get_redirect_url(), self.request.POST.get("body", ""))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(written=self.request.POST.get("body", ""), **kwargs)
        # Django's own "site" would hide ours.
        del context["site"], context["site_name"]
        return context


class SignOutView(LogoutView):
    next_page = "posts:home"
