from __future__ import annotations

import zoneinfo
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .. import markup
from .cleaned import Cleaned
from .discussion import DiscussionSettings
from .languages import languages
from .podcast import PodcastSettings
from .syndication import SyndicationSettings
from .written import labels


class Accent(models.TextChoices):
    """Accents that keep their contrast on light and dark ground; static/css/site.css gives each its colours."""

    RUST = "rust", _("Rust")
    AMBER = "amber", _("Amber")
    OLIVE = "olive", _("Olive")
    GREEN = "green", _("Green")
    TEAL = "teal", _("Teal")
    BLUE = "blue", _("Blue")
    INDIGO = "indigo", _("Indigo")
    VIOLET = "violet", _("Violet")
    PLUM = "plum", _("Plum")
    ROSE = "rose", _("Rose")
    GRAPHITE = "graphite", _("Graphite")


def time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]


class SiteSettings(DiscussionSettings, SyndicationSettings, PodcastSettings, Cleaned):
    """What the owner decides about the whole site: one row, edited in the admin.

    Requests share it until it changes (see `posts.middleware`).
    """

    title = models.CharField(_("title"), max_length=120, default="Blogsite")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    description = models.TextField(
        _("description"), max_length=500, blank=True, help_text=_("For search engines and feed readers.")
    )
    language = models.CharField(_("language"), max_length=16, choices=languages, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, choices=time_zones, default="UTC")
    posts_per_page = models.PositiveSmallIntegerField(
        _("posts per page"), default=10, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    accent = models.CharField(_("accent colour"), max_length=16, choices=Accent, default=Accent.RUST)
    footer = models.TextField(_("footer"), max_length=5000, blank=True, help_text=_("In Markdown."))
    footer_html = models.TextField(editable=False, blank=True)

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="sitesettings_one_row"),
            models.CheckConstraint(
                condition=Q(posts_per_page__gte=1, posts_per_page__lte=100), name="sitesettings_posts_per_page"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.pk = 1
        self.footer_html = markup.render(self.footer, doc_id="site", labels=labels(self.language)).html
        super().save(**kwargs)

    @classmethod
    def load(cls) -> SiteSettings:
        """The settings, or the defaults where none have been saved."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def safe_footer(self) -> SafeString:
        return markup.stored(self.footer_html)
