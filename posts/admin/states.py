"""Where a text stands, in words."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import Page, Post


def moment_in_words(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def state_in_words(text: Post | Page) -> str:
    """For example "Scheduled for 24 Nov 2026, 09:00"."""
    if isinstance(text, Page):
        return _("Published") if text.is_published else _("Draft")
    state = text.state
    if state == Post.State.SCHEDULED:
        return _("Scheduled for %(moment)s") % {"moment": moment_in_words(text.publish_at)}
    if state == Post.State.PUBLISHED:
        return _("Published on %(moment)s") % {"moment": moment_in_words(text.publish_at)}
    if state == Post.State.EXPIRED:
        return _("Expired on %(moment)s") % {"moment": moment_in_words(text.unpublish_at)}
    return str(state.label)
