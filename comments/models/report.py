from django.db import models
from django.utils.translation import gettext_lazy as _

from .comment import Comment


class Report(models.Model):
    """A reader finds that a comment should not stand there. One address reports a comment once."""

    comment = models.ForeignKey(
        Comment, models.CASCADE, related_name="reports", db_index=False, verbose_name=_("comment")
    )
    address_hash = models.CharField(max_length=32)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [models.UniqueConstraint(fields=["comment", "address_hash"], name="report_once")]

    def __str__(self) -> str:
        return f"{self.comment_id}"
