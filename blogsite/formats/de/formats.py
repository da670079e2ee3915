"""Dates in German: Django's own, but for the comma that they lack before the time."""

DATETIME_FORMAT = "j. F Y, H:i"
