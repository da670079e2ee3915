"""Which module makes the triggers of which engine."""

from __future__ import annotations

from types import ModuleType

from django.db import connections

from . import postgresql, sqlite

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def engine_of(using: str) -> ModuleType:
    """The module that knows the triggers of this database."""
    return ENGINES[connections[using].vendor]
