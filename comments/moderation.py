"""What becomes of a new comment: a pure decision, from signals to a verdict with its reasons."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

REASONS = {
    "all_held": gettext_noop("Every comment waits for a moderator."),
    "trap_filled": gettext_noop("A field that people cannot see was filled in."),
}


@dataclass(frozen=True)
class Signals:
    """What is known of a new comment when it arrives."""

    trap_filled: bool = False


@dataclass(frozen=True)
class Verdict:
    """The status of a new comment, and why: each reason is a `code` of REASONS with the details of its sentence."""

    status: str
    reasons: list[dict[str, Any]] = field(default_factory=list)


def decide(signals: Signals) -> Verdict:
    if signals.trap_filled:
        return Verdict("spam", [{"code": "trap_filled"}])
    return Verdict("pending", [{"code": "all_held"}])


def in_words(reasons: list[dict[str, Any]]) -> list[str]:
    """The reasons as sentences, in the language of whoever reads them."""
    return [_(REASONS[reason["code"]]) % reason for reason in reasons if reason["code"] in REASONS]
