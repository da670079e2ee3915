from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .cleaned import Cleaned


class Audio(Cleaned):
    """A recording that a post plays and its feeds enclose.

    `digest` is the SHA-256 of the file as it was sent, so that the same recording sent twice is kept once.
    """

    file = models.FileField(_("file"), max_length=200)
    title = models.CharField(_("title"), max_length=300, blank=True)
    media_type = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    seconds = models.PositiveIntegerField(_("length in seconds"), null=True, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title or str(self.file)
