from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .cleaned import Cleaned


class Image(Cleaned):
    """A picture that readers may see: decoded, turned upright and encoded again, without EXIF (see `posts.images`).

    `digest` is the SHA-256 of the file as it was sent, so that the same picture sent twice is kept once.
    """

    file = models.ImageField(_("file"), width_field="width", height_field="height", max_length=200)
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    moves = models.BooleanField(editable=False, default=False)
    alt = models.CharField(_("description"), max_length=300, blank=True)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.alt or str(self.file)
