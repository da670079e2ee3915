"""Rows whose text is cleaned at the door."""

from __future__ import annotations

from typing import Any

from django.db import models

from .. import markup


class Cleaned(models.Model):
    """Text without the control characters that no feed can carry (XML 1.0, section 2.2), on every way in."""

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        self.clean_text()
        super().save(**kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        self.clean_text()
        super().clean_fields(exclude=exclude)

    def clean_text(self) -> None:
        """Clean each loaded text field: one line for a CharField, many for a TextField."""
        for field in self._meta.concrete_fields:
            value = self.__dict__.get(field.attname)
            if not isinstance(value, str):
                continue
            if isinstance(field, models.TextField):
                setattr(self, field.attname, markup.clean_text(value))
            elif isinstance(field, models.CharField) and not isinstance(field, models.FileField):
                setattr(self, field.attname, markup.clean_line(value))
