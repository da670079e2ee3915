"""What is stored of a commenter, for them alone: behind a link that is mailed to their address."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from posts.visitors import client_address, keyed

from .. import limits, privacy
from ..fields import MailAddressField
from ..mail import notifications
from ..origins import is_cross_site
from .private import PrivateView
from .refusals import FOREIGN, with_retry

LINK_LASTS = timedelta(days=1)
_SALT = "comments.own_data"


class MyDataForm(forms.Form):
    email = MailAddressField(label=gettext_lazy("Your e-mail address"))


class EraseForm(forms.Form):
    sure = forms.BooleanField(
        label=gettext_lazy("Yes, erase all of it. I know that this cannot be undone."),
        error_messages={"required": gettext_lazy("Tick the box if you want all of it erased.")},
    )


class MyDataView(PrivateView):
    """Ask for the link. The answer never tells whether anything is stored of an address."""

    template_name = "comments/my_data.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(form=MyDataForm(label_suffix=""))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = MyDataForm(request.POST, label_suffix="")
        is_valid = form.is_valid()
        if is_cross_site(request):
            form.add_error(None, FOREIGN)
            return self.show(403, form=form)
        if not is_valid:
            return self.show(422, form=form)
        try:
            limits.count(limits.by_address("own_data", client_address(request), limits.ORDERS_OF_MAIL))
        except limits.TooMany as refusal:
            form.add_error(None, _("That was often. Try again in some minutes."))
            return with_retry(self.show(429, form=form), refusal)
        send_link(form.cleaned_data["email"])
        return self.show(sent=True)


def send_link(email: str) -> None:
    """Mail the link to an address that something is stored of, unless it has had one just now."""
    try:
        limits.count({f"own_data:{keyed('comments.recipient', email)}": limits.LINKS_TO_OWN_DATA})
    except limits.TooMany:
        return
    if not privacy.stored(email).is_nothing:
        # Compressed, as letters beyond ASCII would be spelt in six characters each.
        token = signing.dumps(email, salt=_SALT, compress=True)
        with transaction.atomic():
            notifications.own_data(email, reverse("comments:own_data", args=[token]))


class OwnDataView(PrivateView):
    """How much is stored of whoever has the link, and what they can do with it."""

    template_name = "comments/own_data.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Raises Http404 for a link that was never ours. `email` is None for one that is too old."""
        super().setup(request, *args, **kwargs)
        try:
            self.email = signing.loads(kwargs["token"], salt=_SALT, max_age=LINK_LASTS)
        except signing.SignatureExpired:
            self.email = None
        except signing.BadSignature as error:
            raise Http404("There is no such link.") from error

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.email:
            return self.show(410, expired=True)
        return self.show(numbers=privacy.stored(self.email), form=EraseForm(label_suffix=""))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(email=self.email, token=self.kwargs["token"], **kwargs)


class DownloadView(OwnDataView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.email:
            return self.show(410, expired=True)
        disposition = {"Content-Disposition": 'attachment; filename="comments.json"'}
        return JsonResponse(privacy.export(self.email), headers=disposition, json_dumps_params={"indent": 2})


class EraseView(OwnDataView):
    """Erase all of it. Who opens the address finds the page with the question."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.email:
            return self.show(410, expired=True)
        form = EraseForm(request.POST, label_suffix="")
        if not form.is_valid():
            return self.show(422, numbers=privacy.stored(self.email), form=form)
        return self.show(erased=privacy.erase(self.email))
