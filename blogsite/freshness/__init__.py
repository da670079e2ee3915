"""Whether what a process keeps of the site is still what anybody would get who asked the database.

`make` gives the checker for the site's database. `holds()` tells at once that nothing has turned since the last look,
as far as that can be told without asking; `look()` asks, and is exact as of a moment after it was called.
"""

from __future__ import annotations

from django.db import connections

from .looking import Freshness, OnTurn, Turned, Unavailable
from .postgresql import OnPostgreSQL
from .sqlite import OnSQLite

__all__ = ["Freshness", "Turned", "Unavailable", "make"]


def make(on_turn: OnTurn, using: str = "default") -> Freshness:
    """The checker of a database; `on_turn` is called by `look()`, before that returns, with what has turned."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        return OnPostgreSQL(on_turn, connection.get_connection_params())
    return OnSQLite(on_turn, connection.settings_dict["NAME"])
