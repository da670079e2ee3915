"""What counts towards which tally, in SQL."""

from __future__ import annotations

from ..models import Tally
from .definition import LISTINGS, Kind

TALLIES = Tally._meta.db_table


def counted(row: str, hour: str) -> dict[str, str]:
    """The kind and the subject of each tally that a listing of the site counts towards besides its list's.

    `hour` is the expression by which an engine writes a moment as 2026112209, without the hour's last eight digits.
    """
    key = hour.format(moment=f"{row}.publish_at")
    return {str(Tally.Kind.MONTH.value): f"{key} / 10000", str(Tally.Kind.HOUR.value): key}


def true_tallies(hour: str) -> str:
    """A SELECT of kind, subject and number: what the tallies have to be."""
    own = f"SELECT kind, subject, COUNT(*) AS number FROM {LISTINGS} GROUP BY kind, subject"
    stretches = [
        f"SELECT {kind}, {subject}, COUNT(*) FROM {LISTINGS} AS place WHERE kind = {Kind.SITE.value} GROUP BY 2"
        for kind, subject in counted("place", hour).items()
    ]
    return " UNION ALL ".join([own, *stretches])
