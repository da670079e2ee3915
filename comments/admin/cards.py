"""What a moderator sees of each comment beside its own words, asked for the whole page at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..models import Comment, Report
from .verb import Verb


@dataclass(frozen=True)
class Card:
    """`earlier` is the number of other approved comments with the same e-mail address."""

    comment: Comment
    verbs: list[Verb]
    earlier: int
    reports: int

    @property
    def record(self) -> str:
        """What is known of its writer."""
        if not self.comment.email:
            return _("No e-mail address")
        if not self.earlier:
            return _("None approved before")
        return ngettext("%d approved before", "%d approved before", self.earlier) % self.earlier

    @property
    def reported(self) -> str:
        if not self.reports or any(reason.get("code") == "reported" for reason in self.comment.reasons):
            return ""
        return ngettext("Reported by %d reader.", "Reported by %d readers.", self.reports) % self.reports

    @property
    def may_be_answered(self) -> bool:
        return may_be_answered(self.comment)


def may_be_answered(comment: Comment) -> bool:
    """Whoever answers a comment that waits approves it, too; spam, and what was thrown away, is fetched back first."""
    return not comment.is_trashed and comment.status != Comment.Status.SPAM


def cards(comments: Iterable[Comment], verbs: dict[int, list[Verb]]) -> list[Card]:
    """The cards of some comments, two queries for all; `verbs` are the buttons of each, by its id."""
    comments = list(comments)
    approved = _approved({comment.email for comment in comments} - {""})
    reports = _reports([comment.pk for comment in comments])
    return [
        Card(
            comment,
            verbs[comment.pk],
            max(approved.get(comment.email, 0) - comment.is_public, 0),
            reports.get(comment.pk, 0),
        )
        for comment in comments
    ]


def _approved(emails: set[str]) -> dict[str, int]:
    rows = Comment.objects.approved().filter(email__in=emails).exclude(email="").order_by()
    return dict(rows.values_list("email").annotate(Count("pk")))


def _reports(pks: list[int]) -> dict[int, int]:
    return dict(Report.objects.open().filter(comment__in=pks).values_list("comment").annotate(Count("pk")))
