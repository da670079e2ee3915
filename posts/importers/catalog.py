"""The authors, categories and series that posts name: found, or made when they are named first."""

from __future__ import annotations

from ..models import Author, Category, Series
from ..models.slugged import Slugged


class Names[Row: Slugged]:
    """The live rows of a model by their name."""

    def __init__(self, model: type[Row]) -> None:
        self.model = model
        self.field = model.slug_source
        self.rows: dict[str, Row] = {}

    def get(self, names: list[str]) -> list[Row]:
        """A row for each name, in order. Raises ValidationError for a name that the model does not take."""
        missing = [name for name in names if name not in self.rows]
        if missing:
            for row in self.model._default_manager.filter(**{f"{self.field}__in": missing}).order_by("-pk"):
                self.rows[getattr(row, self.field)] = row
        return [self.rows.get(name) or self._make(name) for name in names]

    def _make(self, name: str) -> Row:
        row = self.model(**{self.field: name})
        row.full_clean()
        row.save()
        self.rows[name] = row
        return row


class Catalog:
    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """After a rollback: rows made in it are no more."""
        self.authors = Names(Author)
        self.categories = Names(Category)
        self.series = Names(Series)
