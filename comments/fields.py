"""What several forms ask for, by the same rules."""

from __future__ import annotations

import unicodedata
from html import unescape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from posts.markup import clean_line

from .members import MAX_NAME

# Nothing longer can be written to (RFC 5321, section 4.5.3.1.3), and no column of ours is wider.
MAX_BYTES = 254

# Letters and symbols by their category, yet blank: the Hangul fillers and the empty Braille pattern.
BLANK = set("\u115f\u1160\u2800\u3164\uffa0")

INVISIBLE_BODY = _("This comment has nothing in it that can be seen. Write a few words.")


class MailAddressField(forms.EmailField):
    """An e-mail address, in the one spelling in which addresses are stored, see `Comment.clean_text`."""

    default_error_messages = {"invalid": _("Enter an address such as name@example.org.")}

    def __init__(self, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(**{"max_length": MAX_BYTES, "widget": widget, **options})

    def clean(self, value: Any) -> str:
        """Measured first, since cleaning costs time, and then again: small letters may be more of them."""
        address = clean_line(super().clean(value)).lower()
        if len(address.encode()) > MAX_BYTES:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return address


class NameField(forms.CharField):
    """The name above a comment, in one line."""

    default_error_messages = {"invisible": _("This name has nothing in it that can be seen. Enter another one.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": MAX_NAME, **options})

    def clean(self, value: Any) -> str:
        name = clean_line(super().clean(value))
        if not is_visible(name):
            raise ValidationError(self.error_messages["invisible"], code="invisible")
        return name


def is_visible(text: str) -> bool:
    """Whether a reader would see any of it: not only spaces, controls, marks without a letter, and fillers."""
    return any(unicodedata.category(character)[0] not in "CZM" and character not in BLANK for character in text)


def shows_words(rendered: str) -> bool:
    """Whether a reader would see anything of a body, by its HTML."""
    return is_visible(unescape(strip_tags(rendered)))
