"""Dates in Arabic, where Django's own with a time are in the English order."""

DATETIME_FORMAT = "j F Y، H:i"
