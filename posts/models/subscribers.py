"""How many read the feeds, as far as that can be told without following anyone (see `posts.feeds.subscribers`)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedReading(models.Model):
    """By how many readers one programme fetched one feed on one day."""

    day = models.DateField()
    feed = models.CharField(max_length=200)
    """The path of its address."""
    program = models.CharField(max_length=40)
    readers = models.PositiveIntegerField()
    is_reported = models.BooleanField()
    """Whether the programme told the number for all its users; else we counted its copies."""

    class Meta:
        verbose_name = _("readers of a feed")
        verbose_name_plural = _("readers of the feeds")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["day", "feed", "program"], name="feedreading_once_a_day")]

    def __str__(self) -> str:
        return f"{self.feed}, {self.program}: {self.readers}"


class FeedReader(models.Model):
    """One copy of a programme that fetched a feed on a day, known by a hash of that day alone."""

    day = models.DateField()
    digest = models.CharField(max_length=32)
    feed = models.CharField(max_length=200)
    program = models.CharField(max_length=40)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["day", "digest"], name="feedreader_once_a_day")]
        indexes = [models.Index(fields=["day", "feed", "program"], name="feedreader_counted")]

    def __str__(self) -> str:
        return self.digest
