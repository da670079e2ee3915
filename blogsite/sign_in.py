"""The admin's sign-in, limited as that of readers is: they count together, so that one is no way around the other."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError

from comments import limits
from comments.views.accounts import too_many
from posts.visitors import client_address


class AdminSignInForm(AdminAuthenticationForm):
    def clean(self) -> dict[str, Any]:
        """Counted before a password is looked at: to look costs us a tenth of a second, on purpose."""
        if self.request is not None:
            try:
                limits.count(limits.by_address("sign_in", client_address(self.request), limits.SIGN_INS))
            except limits.TooMany as refusal:
                raise ValidationError(too_many(refusal), code="too_many") from refusal
        return super().clean()
