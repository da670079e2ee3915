"""Moments are written as Django writes them, in each of its languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format

from posts.dates import in_words

MOMENTS = [datetime(2024, 1, 31, 23, 59, 7, 5, tzinfo=UTC) + timedelta(days=23 * n, minutes=187 * n) for n in range(20)]


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_a_moment_is_written_as_by_django(language):
    with translation.override(language):
        for zone in ("UTC", "Asia/Kathmandu"):
            with timezone.override(zone):
                for moment in MOMENTS:
                    assert in_words(moment) == date_format(timezone.localtime(moment), "DATETIME_FORMAT")
