from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..managers import AllManager, LiveManager, TrashManager
from .slugged import Slugged, not_empty, unique_slug


class Series(Slugged):
    """An ordered set of posts."""

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, max_length=2000)

    objects = LiveManager()
    trash = TrashManager()
    all_objects = AllManager()

    class Meta(Slugged.Meta):
        verbose_name = _("series")
        verbose_name_plural = pgettext_lazy("plural", "series")
        ordering = ["title", "pk"]
        constraints = [unique_slug("series"), not_empty("series", "slug"), not_empty("series", "title")]

    def get_absolute_url(self) -> str:
        return reverse("posts:series", args=[self.slug])

    def next_position(self) -> int:
        last = self.posts(manager="all_objects").aggregate(last=models.Max("series_position"))["last"]
        return (last or 0) + 1
