"""The picture that stands for a post where somebody shares its address: its title, drawn in the colours of the site."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass

from django.utils import timezone
from django.utils.formats import date_format

from ..models import Post, SiteSettings

WIDTH, HEIGHT = 1200, 630
# Counted up when the drawing changes: the pictures that are kept are then out of date.
FORMAT = 1


@dataclass(frozen=True)
class Card:
    """All that a card shows. `day` is the number in the margin, `month` what stands below it, in words of the site."""

    title: str
    byline: str
    site_title: str
    day: str
    month: str
    accent: str

    @property
    def version(self) -> str:
        """A name for the picture: 16 hexadecimal digits, others for each other card."""
        return hashlib.sha256(repr((FORMAT, *astuple(self))).encode(errors="replace")).hexdigest()[:16]


def card_of(post: Post, site: SiteSettings) -> Card:
    """The card of a published post, with its date in the language and the time zone of the moment."""
    day = timezone.localdate(post.publish_at)
    return Card(
        title=post.title,
        byline=", ".join(author.display_name for author in post.byline),
        site_title=site.title,
        day=date_format(day, "j"),
        month=date_format(day, "YEAR_MONTH_FORMAT"),
        accent=site.accent,
    )
