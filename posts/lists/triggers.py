"""Triggers that keep the lists, on whichever engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from .. import installed
from ..triggers import Plan, are_in_the_way
from .definition import LISTINGS
from .engines import engine_of
from .filling import fill, now


def install(using: str = "default", **_: Any) -> None:
    """Called after each migrate. Where a trigger was missing, or another one, lists may not be what it makes them."""
    if LISTINGS not in connections[using].introspection.table_names():
        return
    engine = engine_of(using)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        was_lacking = installed.lacking_in(installed.there(cursor), cursor.db.vendor, engine.wanted())
        engine.remove(cursor)
        if was_lacking:
            engine.hold_still(cursor)
            fill(cursor, engine, now(using))
        engine.install(cursor)


def lacking(using: str = "default") -> list[str]:
    """The names of triggers that are not there as `install` makes them, though their tables are."""
    if LISTINGS not in connections[using].introspection.table_names():
        return []
    return installed.lacking(using, engine_of(using).wanted())


def make_way(using: str = "default", plan: Plan = (), **_: Any) -> None:
    """Called before each migrate."""
    if are_in_the_way(using, [step for step in plan if step[0].app_label == "posts"]):
        with connections[using].cursor() as cursor:
            engine_of(using).remove(cursor)


@contextmanager
def triggers_off(using: str = "default") -> Iterator[None]:
    """For whoever writes so much that the lists are better filled at the end: they are, whatever happens."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        engine_of(using).remove(cursor)
    try:
        yield
    finally:
        install(using)
