"""What a directory of podcasts asks about a show, as the site's recordings are one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .image import Image


class PodcastCategory(models.TextChoices):
    """Apple's categories of the first rank, whose English names are what feeds carry.

    https://podcasters.apple.com/support/1691-apple-podcasts-categories
    """

    ARTS = "Arts", _("Arts")
    BUSINESS = "Business", _("Business")
    COMEDY = "Comedy", _("Comedy")
    EDUCATION = "Education", _("Education")
    FICTION = "Fiction", _("Fiction")
    GOVERNMENT = "Government", _("Government")
    HEALTH = "Health & Fitness", _("Health and fitness")
    HISTORY = "History", _("History")
    KIDS = "Kids & Family", _("Kids and family")
    LEISURE = "Leisure", _("Leisure")
    MUSIC = "Music", _("Music")
    NEWS = "News", _("News")
    RELIGION = "Religion & Spirituality", _("Religion and spirituality")
    SCIENCE = "Science", _("Science")
    SOCIETY = "Society & Culture", _("Society and culture")
    SPORTS = "Sports", _("Sports")
    TECHNOLOGY = "Technology", _("Technology")
    TRUE_CRIME = "True Crime", _("True crime")
    TV = "TV & Film", _("TV and film")


class PodcastSettings(models.Model):
    """The part of the site's settings that is about its recordings as a podcast."""

    podcast_author = models.CharField(
        _("who makes the podcast"), max_length=120, blank=True, help_text=_("Left empty, the site's title.")
    )
    podcast_email = models.EmailField(
        _("e-mail address of the podcast"),
        blank=True,
        help_text=_("Directories write to it to see whose show it is. Anyone can read it in the feeds."),
    )
    podcast_category = models.CharField(
        _("category in directories"), max_length=40, choices=PodcastCategory, blank=True
    )
    podcast_image = models.ForeignKey(
        Image, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("cover of the podcast")
    )
    podcast_explicit = models.BooleanField(
        _("not for children"),
        default=False,
        help_text=_("Directories mark the show as explicit, and some families do not see it."),
    )

    class Meta:
        abstract = True
