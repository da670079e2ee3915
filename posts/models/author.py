from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..addresses import path_to
from ..managers import AllAuthorManager, AuthorManager, TrashedAuthorManager
from .slugged import Slugged, not_empty, unique_slug


class Author(Slugged):
    """The public face of a user. A login name is never shown."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
        help_text=_("Who writes under this name. Posts stay when the account is deleted."),
    )
    display_name = models.CharField(_("display name"), max_length=120)
    bio = models.TextField(_("about the author"), blank=True, max_length=2000)
    picture = models.ForeignKey("posts.Image", models.PROTECT, null=True, blank=True, related_name="+")

    slug_source = "display_name"

    objects = AuthorManager()
    trash = TrashedAuthorManager()
    all_objects = AllAuthorManager()

    class Meta(Slugged.Meta):
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["display_name", "pk"]
        constraints = [unique_slug("author"), not_empty("author", "slug"), not_empty("author", "display_name")]

    def get_absolute_url(self) -> str:
        return path_to("posts:author", self.slug)
