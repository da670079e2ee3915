"""What a reader fills in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from posts import markup
from posts.models import CommentPolicy, Post, SiteSettings

from . import timing
from .fields import INVISIBLE_BODY, MailAddressField, NameField, shows_words
from .mail import subscriptions
from .members import public_name
from .models import Comment
from .policy import policy_of

MAX_BODY_BYTES = 20_000

TOO_LONG = _("This comment is too long for one. Shorten it, or split it in two.")

NOTES: dict[str, str | Promise] = {
    CommentPolicy.HOLD_ALL: _("Comments appear once a moderator has approved them."),
    CommentPolicy.HOLD_FIRST: _(
        "Your first comment here waits for a moderator, and so does each one without an e-mail address."
    ),
}


class BodyForm(forms.ModelForm):
    """The words of a comment: all of it that its writer can change later."""

    body = forms.CharField(
        label=_("Your comment"),
        help_text=_("Markdown: *italic*, **bold**, `code`, [link](url)"),
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": _("Write your comment first.")},
    )

    class Meta:
        model = Comment
        fields = ["body"]

    def __init__(self, data: Any = None, *, site: SiteSettings, instance: Comment, **options: Any) -> None:
        super().__init__(data, instance=instance, label_suffix="", **options)
        self.site = site

    def clean_body(self) -> str:
        """Measured before anything parses it: what is too long costs us nothing but its bytes."""
        if len(self.cleaned_data["body"].encode()) > MAX_BODY_BYTES:
            raise ValidationError(TOO_LONG, code="too_long")
        body = markup.clean_text(self.cleaned_data["body"])
        surplus = len(body) - self.site.comment_max_length
        if surplus > 0:
            raise ValidationError(too_long_by(surplus), code="too_long")
        self.instance.body = body
        if not shows_words(self.instance.render()):
            raise ValidationError(INVISIBLE_BODY, code="invisible")
        return body

    def keep_errors_of_body(self) -> None:
        """For a preview, which needs the words alone."""
        for name in self.errors.keys() - {"body"}:
            del self.errors[name]


class CommentForm(BodyForm):
    """A new comment. Who is signed in is asked only for what their account does not tell."""

    author_name = NameField(
        label=_("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name, or whatever you like to be called.")},
    )
    email = MailAddressField(
        label=_("E-mail (optional, never shown)"),
        required=False,
        error_messages={"required": _("Enter your e-mail address. Nobody will see it.")},
    )
    website = forms.URLField(
        label=_("Website (optional)"),
        required=False,
        max_length=200,
        assume_scheme="https",
        # A browser would refuse "example.org", which we understand.
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
        error_messages={"invalid": _("Enter a web address such as https://example.org.")},
    )
    wish = forms.ChoiceField(
        label=_("Mail to you"),
        required=False,
        choices=[
            ("", _("None")),
            (subscriptions.REPLIES, _("Replies to this comment")),
            (subscriptions.ALL, _("Every new comment")),
        ],
    )
    # A program that fills in every field gives itself away. CSS hides it from people, and the label warns those
    # whose browser has no CSS. Its name is none that a browser fills in by itself.
    trap = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    elapsed = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta(BodyForm.Meta):
        fields = ["body", "author_name", "email", "website"]

    def __init__(
        self,
        data: Any = None,
        *,
        post: Post,
        site: SiteSettings,
        parent: Comment | None = None,
        user: User | None = None,
        **options: Any,
    ) -> None:
        super().__init__(data, site=site, instance=Comment(post=post, parent=parent, user=user), **options)
        self.policy = policy_of(post, site)
        if site.comment_email_required:
            self.fields["email"].label = _("E-mail (never shown)")
            self.fields["email"].required = True
        self.fields["email"].error_messages["invalid"] = (
            _("Enter an e-mail address such as name@example.org.")
            if site.comment_email_required
            else _("Enter an e-mail address such as name@example.org, or leave it out.")
        )
        if user:
            self._fill_in(user)

    def _fill_in(self, user: User) -> None:
        """Take from the account what it tells, and ask no more for that."""
        self.instance.author_name = self.account_name = public_name(user)
        self.instance.email = user.email
        for name in ("author_name", "email"):
            if getattr(self.instance, name):
                del self.fields[name]

    account_name = ""

    @property
    def note(self) -> str | Promise:
        """What happens to a comment, where that is not plain."""
        return "" if self.instance.user else NOTES.get(self.policy, "")

    @property
    def is_closed(self) -> bool:
        return self.policy == CommentPolicy.OFF

    @property
    def is_for_others(self) -> bool:
        """Whether members alone may write, and this form is for a reader who has not signed in."""
        return self.policy == CommentPolicy.MEMBERS and not self.instance.user

    def clean(self) -> dict[str, Any]:
        super().clean()
        email = self.cleaned_data.get("email", self.instance.email)
        if self.cleaned_data.get("wish") and not email and "email" not in self.errors:
            message = _("Enter the address that we shall write to, or choose no mail.")
            self.add_error("email", ValidationError(message, code="needed_for_mail"))
        return self.cleaned_data

    @cached_property
    def seconds(self) -> float | None:
        """For how long the form was open, if that is known of a valid one."""
        return timing.seconds_open(self.cleaned_data["opened"], self.cleaned_data["elapsed"])


def too_long_by(n: int) -> str:
    sentence = ngettext(
        "This comment is too long by %(n)d character. Shorten it, or split it in two.",
        "This comment is too long by %(n)d characters. Shorten it, or split it in two.",
        n,
    )
    return sentence % {"n": n}
