from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .comment import Comment
from .subscription import Subscription


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> Self:
        """Neither sent nor being sent nor given up."""
        return self.filter(claimed_at=None, given_up_at=None)

    def due(self) -> Self:
        return self.waiting().filter(due_at__lte=timezone.now())

    def for_letter(self) -> Self:
        """With all that a message tells, and all that decides whether it is still to be sent."""
        # A user is one object for all their notices, and asked only once what they may do.
        return self.select_related(
            "subscription__post", "subscription__comment", "comment__post__author__user", "comment__parent"
        ).prefetch_related("user", "comment__post__co_authors__user")

    def given_up(self) -> Self:
        """What never reached anyone, or may not have: each has its `problem`."""
        return self.filter(given_up_at__isnull=False)


class Notice(models.Model):
    """Something to tell somebody by mail. Notices that are due together go out in one message.

    A notice is claimed before it is handed to the mail server, and never claimed again unless the server has refused
    it: whatever crashes, nobody is told twice. See `comments.mail.postman`.
    """

    class Kind(models.TextChoices):
        HELD = "held", _("A comment waits")
        REPLY = "reply", _("A reply to one's comment")
        NEW = "new", _("A new comment on a post")
        CONFIRM = "confirm", _("A subscription to confirm")
        OWN_DATA = "own_data", _("A link to one's own data")

    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    email = models.EmailField(_("to"), max_length=254, db_index=True)
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="notices", verbose_name=_("comment"))
    # That somebody was told outlives the subscription: who subscribes again is not told again.
    subscription = models.ForeignKey(Subscription, models.SET_NULL, null=True, related_name="notices")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    # Where a notice without a comment leads to: a path of the site, emptied once it is sent.
    path = models.CharField(max_length=1000, blank=True)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    given_up_at = models.DateTimeField(_("given up"), null=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(claimed_at=None, given_up_at=None), name="notice_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "email", "comment"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["held", "reply", "new", "confirm", "own_data"]), name="notice_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.email}"
