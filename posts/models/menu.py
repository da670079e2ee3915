from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .cleaned import Cleaned
from .page import Page
from .taxonomy import Category


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
        _("address"), max_length=500, blank=True, help_text=_("Such as /archive/ or https://example.org/.")
    )

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menu items")
        ordering = ["place", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(page__isnull=False, category=None, address="")
                | models.Q(page=None, category__isnull=False, address="")
                | (models.Q(page=None, category=None) & ~models.Q(address="")),
                name="menuitem_one_target",
                violation_error_message=_("Choose a page, a category or an address: one of the three."),
            )
        ]

    def __str__(self) -> str:
        return self.label or str(self.page or self.category or self.address)
