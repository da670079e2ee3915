"""A field that several forms have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from posts.markup import clean_line

# Nothing longer can be written to (RFC 5321, section 4.5.3.1.3), and no column of ours is wider.
MAX_BYTES = 254


class AddressField(forms.EmailField):
    """An e-mail address, in the one spelling in which addresses are stored, see `Comment.clean_text`."""

    def __init__(self, **options: Any) -> None:
        widget = forms.EmailInput(attrs={"autocomplete": "email"})
        super().__init__(**{"max_length": MAX_BYTES, "widget": widget, **options})

    def to_python(self, value: Any) -> str:
        """Before it is measured: small letters may be more of them."""
        return clean_line(super().to_python(value) or "").lower()

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) <= MAX_BYTES < len(value.encode()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
