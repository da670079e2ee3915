from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .comment import Comment

ERASED = "erased-"


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        """Those that no moderator has answered by approving the comment."""
        return self.filter(settled_at=None)

    def settle(self) -> int:
        """Lay them aside; return how many. They stay, so that nobody reports the same comment again."""
        return self.open().update(settled_at=timezone.now())

    def with_address(self) -> Self:
        """Those of which it is still known, by a hash, where they came from."""
        return self.exclude(address_hash__startswith=ERASED)

    def erase_addresses(self) -> int:
        """Forget where they came from; return how many. Something of each own stands instead: reports are counted."""
        return self.with_address().update(address_hash=Concat(Value(ERASED), Cast("pk", CharField())))


class Report(models.Model):
    """A reader finds that a comment should not stand there. One address reports a comment once."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="reports", db_index=False, verbose_name=_("comment")
    )
    address_hash = models.CharField(max_length=32)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)
    settled_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [models.UniqueConstraint(fields=["comment", "address_hash"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.comment_id}"
