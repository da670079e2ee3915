"""What the owner of a site, and the writer of a post, decide about the conversation below it.

These are the words alone. What follows from them is decided in `comments`, of which this package knows nothing.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class CommentPolicy(models.TextChoices):
    OFF = "off", _("Closed: nobody can write")
    MEMBERS = "members", _("Members only: whoever has an account here")
    HOLD_ALL = "hold_all", _("Everybody; every comment waits for a moderator")
    HOLD_FIRST = "hold_first", _("Everybody; a newcomer's comment waits for a moderator")
    OPEN = "open", _("Everybody; only what looks like abuse waits")


def between(low: int, high: int) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class DiscussionSettings(models.Model):
    """The part of the site's settings that is about comments."""

    comment_policy = models.CharField(
        _("who may comment"), max_length=16, choices=CommentPolicy, default=CommentPolicy.HOLD_FIRST
    )
    comment_close_days = models.PositiveSmallIntegerField(
        _("days until comments close"),
        default=0,
        validators=between(0, 3650),
        help_text=_("Counted from the publication of a post. 0: they stay open."),
    )
    comment_email_required = models.BooleanField(_("an e-mail address is required"), default=False)
    comments_newest_first = models.BooleanField(_("newest conversations first"), default=False)
    comment_threads_per_page = models.PositiveSmallIntegerField(
        _("conversations per page"),
        default=50,
        validators=between(1, 200),
        help_text=_("A conversation is a comment with all replies to it."),
    )
    comment_max_length = models.PositiveSmallIntegerField(
        _("longest comment, in characters"), default=10_000, validators=between(200, 20_000)
    )
    comment_max_links = models.PositiveSmallIntegerField(
        _("links in a comment"), default=2, validators=between(0, 100), help_text=_("With more of them it waits.")
    )
    comment_hold_words = models.TextField(
        _("words that hold a comment"),
        max_length=20_000,
        blank=True,
        help_text=_("One a line. Looked for in the text, the name and the addresses of a comment."),
    )
    comment_spam_words = models.TextField(
        _("words that make it spam"), max_length=20_000, blank=True, help_text=_("One a line, looked for alike.")
    )
    comment_rate_per_address = models.PositiveSmallIntegerField(
        _("comments from one network address in ten minutes"), default=10, validators=between(1, 1000)
    )
    comment_rate_per_post = models.PositiveSmallIntegerField(
        _("comments on one post in ten minutes"), default=100, validators=between(1, 10_000)
    )
    comment_edit_minutes = models.PositiveSmallIntegerField(
        _("minutes in which a reader may change a comment"), default=15, validators=between(0, 1440)
    )
    comment_reports_to_hold = models.PositiveSmallIntegerField(
        _("reports that hold a comment"),
        default=3,
        validators=between(0, 100),
        help_text=_("It waits for a moderator then. 0: reports are only counted."),
    )
    comment_address_days = models.PositiveSmallIntegerField(
        _("days until network addresses are erased"), default=30, validators=between(0, 365)
    )
    comment_mail_moderators = models.BooleanField(
        _("tell authors and moderators by mail when a comment waits"), default=True
    )

    class Meta:
        abstract = True
