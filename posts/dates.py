"""Moments in words, quickly even where no other one is the same: days and times of day come again, moments do not."""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from functools import lru_cache

from django.utils import dateformat, timezone
from django.utils.formats import get_format
from django.utils.translation import get_language

# Days of ten years.
MAX_DAYS = 4000
# What tells the time of day, and runs of it; see https://docs.djangoproject.com/en/stable/ref/templates/builtins/#date
_TIME = "[aAfgGhHisP]"
_RUN = re.compile(rf"({_TIME}(?:[^\w\\]*{_TIME})*)|((?:\\.|(?!{_TIME}).)+)", re.DOTALL)
# What tells of both at once, or of the zone.
_BOTH = re.compile(r"(?:\\.|[^\\ceIOrTuUZ])*", re.DOTALL)


def in_words(moment: datetime, here: tzinfo | None = None) -> str:
    """A moment as the filter `date:"DATETIME_FORMAT"` writes it; who asks for many looks up `here`, the zone, once."""
    local = moment.astimezone(here or timezone.get_current_timezone())
    language = get_language()
    parts = _parts(get_format("DATETIME_FORMAT", language))
    if len(parts) == 1:
        return dateformat.format(local, parts[0][1])
    day, hour = local.date(), time(local.hour, local.minute, local.second)
    return "".join([_of_time(hour, of, language) if of else _of_day(day, rest, language) for of, rest in parts])


def day_in_words(day: date, form: str = "DATE_FORMAT") -> str:
    """A day as the filter `date` writes it in a format of the language."""
    language = get_language()
    return _of_day(day, get_format(form, language), language)


@lru_cache
def _parts(form: str) -> tuple[tuple[str, str], ...]:
    """A format cut into pairs, of which one is empty: what tells the time of day, and what does not.

    A format that cannot be cut is the only part.
    """
    return tuple(_RUN.findall(form)) if _BOTH.fullmatch(form) else (("", form),)


@lru_cache(maxsize=MAX_DAYS)
def _of_day(day: date, part: str, _language: str | None) -> str:
    return dateformat.format(day, part)


@lru_cache(maxsize=MAX_DAYS)
def _of_time(hour: time, part: str, _language: str | None) -> str:
    return dateformat.time_format(hour, part)
