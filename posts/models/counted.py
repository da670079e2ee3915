"""A number that the database keeps, and no form."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F


class CountField(models.PositiveIntegerField):
    """A count that only an UPDATE of its own changes: to save a row that was read earlier leaves it as it is by now."""

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        return super().pre_save(instance, add) if add else F(self.attname)

    def deconstruct(self) -> Any:
        """In a migration it is the plain field: they never save such a row."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs
