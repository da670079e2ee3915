"""What the owner of a site decides about those who fetch it: feed readers, hubs, crawlers."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .discussion import between


class CrawlerPolicy(models.TextChoices):
    ALLOW = "allow", _("Let every crawler in")
    REFUSE_TRAINING = "refuse_training", _("Refuse crawlers that gather texts to train machines")
    MARKDOWN = "markdown", _("Let every crawler in, and offer each post as Markdown")


class SyndicationSettings(models.Model):
    """The part of the site's settings that is about feeds and crawlers."""

    feed_full_text = models.BooleanField(
        _("feeds carry the whole text"), default=True, help_text=_("Otherwise the summary alone.")
    )
    feed_length = models.PositiveSmallIntegerField(_("posts in a feed"), default=20, validators=between(1, 100))
    websub_hub = models.URLField(
        _("WebSub hub"),
        blank=True,
        validators=[URLValidator(schemes=["https", "http"])],
        help_text=_("A server that tells feed readers at once. Left empty, they ask now and then."),
    )
    crawler_policy = models.CharField(_("crawlers"), max_length=16, choices=CrawlerPolicy, default=CrawlerPolicy.ALLOW)
    security_contact = models.CharField(
        _("contact for security reports"),
        max_length=200,
        blank=True,
        help_text=_("An e-mail or web address, for /.well-known/security.txt. Left empty, there is none."),
    )

    class Meta:
        abstract = True
