"""Mail about a conversation: ordered on its page, confirmed and ended behind links that are mailed.

The token in such a link is all the right that is asked for, whoever is signed in. To open one changes nothing.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from posts.visitors import client_address

from .. import limits
from ..fields import MailAddressField
from ..mail import subscriptions
from ..models import Subscription
from ..origins import is_cross_site
from .discussed import DiscussedView
from .private import PrivateView
from .refusals import FOREIGN, later, with_retry


class SubscribeForm(forms.Form):
    """`trap` is for programs that fill in every field: people neither see it nor hear of it."""

    email = MailAddressField(
        label=_("Your e-mail address"),
        error_messages={
            "required": _("Enter the address that the mail is to go to."),
            "invalid": _("Enter an e-mail address such as name@example.org."),
        },
    )
    trap = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Its ids differ from those of the comment form, which may stand on the same page.
        super().__init__(*args, **{"label_suffix": "", "auto_id": "id_subscribe_%s", **kwargs})


class SubscribeView(DiscussedView):
    """Order mail about new comments. The answer does not tell whether an address has done so before."""

    template_name = "comments/subscribe.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(form=SubscribeForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SubscribeForm(request.POST)
        if not form.is_valid():
            return self.answer(422, form=form)
        if is_cross_site(request):
            form.add_error(None, FOREIGN)
            return self.answer(403, form=form)
        try:
            limits.count(limits.by_address("subscribe", client_address(request), limits.ORDERS_OF_MAIL))
        except limits.TooMany as refusal:
            form.add_error(None, later(refusal))
            return with_retry(self.answer(429, form=form), refusal)
        if not form.cleaned_data["trap"]:
            subscriptions.follow(self.discussed, form.cleaned_data["email"])
        return self.answer(sent=True)


class SubscriptionView(PrivateView):
    """A page about one subscription, for whoever has its link; `subscription` is None once it has ended."""

    subscription: Subscription | None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = Subscription.objects.select_related("post", "comment")
        self.subscription = rows.filter(token=kwargs["token"]).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The title of a post that cannot be read any more is told to nobody, subscribers included."""
        post = self.subscription.post if self.subscription and self.subscription.post.is_readable else None
        return super().get_context_data(subscription=self.subscription, post=post, **kwargs)


class ConfirmView(SubscriptionView):
    template_name = "comments/mail_confirm.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show() if self.is_open else self.show(410)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.subscription or not self.is_open:
            return self.show(410)
        subscriptions.confirm(self.subscription)
        return self.show()

    @property
    def is_open(self) -> bool:
        return self.subscription is not None and self.subscription.post.is_readable


class UnsubscribeView(SubscriptionView):
    """One click ends it, on this page or in a mail program (RFC 8058): neither sends a token of a session."""

    template_name = "comments/mail_unsubscribe.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        subscriptions.end(kwargs["token"])
        self.subscription = None
        return self.show()
