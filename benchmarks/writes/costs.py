"""Somebody who writes, and what that takes."""

from __future__ import annotations

import time

from ..growth.measure import Site


class Costs(Site):
    """A site with its reader and its chief editor, as `benchmarks.growth` asks them."""

    def spent(self) -> float:
        """Seconds of a processor so far, here and in the database."""
        return time.process_time() + self.of_the_database()
