"""What a page says of a recording."""

from __future__ import annotations

from django import template

from ..files import recordings
from ..models import Audio

register = template.Library()


@register.filter
def clock(seconds: int) -> str:
    """A length as players show it: 0:07, 12:34, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def as_duration(seconds: int) -> str:
    """The same for machines: PT754S (HTML, section 4.5.14)."""
    return f"PT{seconds}S"


@register.filter
def download_name(audio: Audio, title: str) -> str:
    return recordings.download_name(audio, title)
