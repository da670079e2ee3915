from __future__ import annotations

import html
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from posts import markup

from .models import Comment
from .moderation import Signals

MAX_BODY_BYTES = 20_000

# Letters and symbols by their category, yet blank: the Hangul fillers and the empty Braille pattern.
BLANK = set("\u115f\u1160\u2800\u3164\uffa0")


class CommentForm(forms.ModelForm):
    """What a reader fills in."""

    # A program that fills in every field gives itself away. CSS hides it from people, and the label warns those
    # whose browser has no CSS. Its name is none that a browser fills in by itself.
    trap = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    website = forms.URLField(
        label=_("Website (optional)"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={"invalid": _("Enter an address such as https://example.org.")},
    )

    class Meta:
        model = Comment
        fields = ["body", "author_name", "email", "website"]
        labels = {
            "body": _("Your comment"),
            "author_name": _("Your name"),
            "email": _("E-mail (optional, never shown)"),
        }
        help_texts = {
            "body": _("You may use Markdown: *emphasis*, **strong**, `code`, > quotes, lists and [links](https://…)."),
            "email": "",
        }
        widgets = {
            "body": forms.Textarea(attrs={"rows": 8, "maxlength": MAX_BODY_BYTES}),
            "author_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        error_messages = {
            "body": {"required": _("Write your comment first.")},
            "author_name": {"required": _("Enter your name, or whatever you like to be called.")},
            "email": {"invalid": _("Enter an address such as name@example.org, or leave it out.")},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_author_name(self) -> str:
        name = markup.clean_line(self.cleaned_data["author_name"])
        if not is_visible(name):
            message = _("This name has nothing in it that can be seen. Enter another one.")
            raise ValidationError(message, code="invisible")
        return name

    def clean_body(self) -> str:
        """Measured before anything parses it: what is too long costs us nothing but its bytes."""
        body = markup.clean_text(self.cleaned_data["body"])
        if len(body.encode()) > MAX_BODY_BYTES:
            message = _("This comment is too long for one. Shorten it, or split it in two.")
            raise ValidationError(message, code="too_long")
        if not is_visible(html.unescape(strip_tags(markup.render_comment(body)))):
            message = _("This comment has nothing in it that can be seen. Write a few words.")
            raise ValidationError(message, code="invisible")
        return body

    @property
    def signals(self) -> Signals:
        """What the moderation wants to know of a valid form."""
        return Signals(trap_filled=bool(self.cleaned_data["trap"]))


def is_visible(text: str) -> bool:
    """Whether a reader would see any of it: not only spaces, controls, marks without a letter, and fillers."""
    return any(unicodedata.category(character)[0] not in "CZM" and character not in BLANK for character in text)
