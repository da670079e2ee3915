"""Files that are kept under the digest of what was sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .cleaned import Cleaned


class Kept(Cleaned):
    """`digest` is the SHA-256 of the file as it was sent, so that the same file sent twice is kept once."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-created_at", "-pk"]
