from __future__ import annotations

import ipaddress

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _

from posts.models.cleaned import Cleaned

MAX_LENGTH = 254


class Ban(Cleaned):
    """Someone whose comments are spam from now on: by e-mail address, by name, or by a range of network addresses."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail address")
        NAME = "name", _("Name")
        NETWORK = "network", _("Network address or range")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    value = models.CharField(
        _("who"), max_length=MAX_LENGTH, help_text=_("Such as someone@example.org, a name, or 203.0.113.0/24.")
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("banned by"),
    )
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"], name="ban_once", violation_error_message=_("This ban is there already.")
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["email", "name", "network"]), name="ban_kind_known"),
            models.CheckConstraint(condition=~models.Q(value=""), name="ban_value_not_empty"),
        ]

    def __str__(self) -> str:
        return self.value

    def save(self, **kwargs: object) -> None:
        self.value = normalised(self.kind, self.value)
        super().save(**kwargs)

    def clean(self) -> None:
        super().clean()
        try:
            self.value = normalised(self.kind, self.value)
        except ValueError as error:
            message = _("Enter a network address such as 203.0.113.7, or a range such as 203.0.113.0/24.")
            raise ValidationError({"value": ValidationError(message, code="invalid")}) from error
        if len(self.value) > MAX_LENGTH:
            # Small letters may be more of them: "ß" is compared as "ss".
            raise ValidationError({"value": ValidationError(_("This is too long for a ban."), code="too_long")})
        if self.kind == self.Kind.EMAIL:
            try:
                validate_email(self.value)
            except ValidationError as error:
                raise ValidationError({"value": error}) from error


def normalised(kind: str, value: str) -> str:
    """The one spelling in which a ban is kept and looked up. Raises ValueError for what is no network."""
    if kind == Ban.Kind.NETWORK:
        if "%" in value:
            raise ValueError("An address with an interface of one machine (RFC 4007) is no visitor's.")
        return str(ipaddress.ip_network(value.strip(), strict=False))
    return " ".join(value.split()).casefold()
