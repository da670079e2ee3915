"""What a directory of podcasts asks about a show, as the site's recordings are one."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .image import Image

COVER_PIXELS = (1400, 3000)
"""The least and the largest side of a square cover: https://podcasters.apple.com/support/896-artwork-requirements"""


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

    def clean(self) -> None:
        super().clean()
        if self.podcast_image:
            check_cover(self.podcast_image)


def check_cover(image: Image) -> None:
    """Raise ValidationError for a picture that directories would refuse as the cover of a show."""
    least, most = COVER_PIXELS
    fits = image.width == image.height and least <= image.width <= most
    if fits and str(image.file).endswith((".jpg", ".png")):
        return
    sentence = _(
        "Directories take a square JPEG or PNG of %(least)d to %(most)d pixels a side. "
        "This one has %(width)d × %(height)d."
    )
    values = {"least": least, "most": most, "width": image.width, "height": image.height}
    raise ValidationError({"podcast_image": ValidationError(sentence, "cover", values)})
