from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .cleaned import Cleaned
from .page import Page
from .taxonomy import Category

# Two slashes, or a slash and a backslash, would lead to another host.
PATH = re.compile(r"/(?![/\\])[^\s\\]*")
is_web_address = URLValidator(schemes=["http", "https"])


def check_address(address: str) -> None:
    """Raise ValidationError for what is neither a path of this site nor a web address, such as `javascript:`."""
    if PATH.fullmatch(address):
        return
    try:
        is_web_address(address)
    except ValidationError as error:
        message = _("Give a path of this site, such as /archive/, or an address that begins with https:// or http://.")
        raise ValidationError(message, code="not_an_address") from error


class MenuItem(Cleaned):
    """A link in one of the site's menus: to a page, to a category, or to any address."""

    class Place(models.TextChoices):
        HEADER = "header", _("Header")
        FOOTER = "footer", _("Footer")

    place = models.CharField(_("place"), max_length=16, choices=Place, default=Place.HEADER)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label = models.CharField(_("label"), max_length=40, blank=True, help_text=_("Left empty, the name of the target."))
    page = models.ForeignKey(
        Page, models.CASCADE, null=True, blank=True, related_name="menu_items", verbose_name=_("page")
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="menu_items", verbose_name=_("category")
    )
    address = models.CharField(
        _("address"),
        max_length=500,
        blank=True,
        validators=[check_address],
        help_text=_("Such as /archive/ or https://example.org/."),
    )

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menu items")
        ordering = ["place", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False, category=None, address="")
                | Q(page=None, category__isnull=False, address="")
                | (Q(page=None, category=None) & ~Q(address="")),
                name="menuitem_one_target",
                violation_error_message=_("Choose a page, a category or an address: one of the three."),
            ),
            models.CheckConstraint(
                condition=Q(address="") | ~Q(label=""),
                name="menuitem_address_has_label",
                violation_error_message=_("Give this address a label: readers see it in the menu."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or str(self.page or self.category or self.address)

    def get_absolute_url(self) -> str:
        target = self.page or self.category
        return target.get_absolute_url() if target else self.address
