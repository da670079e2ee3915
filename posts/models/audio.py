from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .kept import Kept


class Audio(Kept):
    """A recording that a post plays and its feeds enclose."""

    file = models.FileField(_("file"), max_length=200)
    title = models.CharField(_("title"), max_length=300, blank=True)
    media_type = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    seconds = models.PositiveIntegerField(_("length in seconds"), null=True, editable=False)

    class Meta(Kept.Meta):
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")

    def __str__(self) -> str:
        return self.title or str(self.file)
