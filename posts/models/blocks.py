"""Rows in blocks of their ids: a million posts in parts that each cost the same."""

from __future__ import annotations

from django.db import models

SIZE = 5_000


class Block(models.Func):
    """The block that an id is in. Its size stands in the SQL as it is: no index knows a parameter."""

    template = f"(%(expressions)s / {SIZE})"
    output_field = models.BigIntegerField()
