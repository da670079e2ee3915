"""The authors, categories, series and tags that posts name: found, or made when they are named first."""

from __future__ import annotations

from ..models import Author, Category, Series, Tag
from ..models.slugged import Slugged
from .entry import Filing


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


class Tags:
    """The live tags by the names that they were asked for."""

    def __init__(self) -> None:
        self.rows: dict[str, Tag] = {}

    def get(self, names: list[str]) -> list[Tag]:
        """A tag for each name that has a letter, each once, in order."""
        missing = [name for name in names if name not in self.rows]
        if missing:
            self.rows.update(Tag.objects.named(missing))
        return list(dict.fromkeys(self.rows[name] for name in names if name in self.rows))


class Catalog:
    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """After a rollback: rows made in it are no more."""
        self.authors = Names(Author)
        self.categories = Names(Category)
        self.series = Names(Series)
        self.tags = Tags()

    def look_up(self, filings: list[Filing]) -> None:
        """Find or make at once what all of these name. Raises ValidationError for a name that is not taken."""
        self.authors.get([name for filing in filings for name in filing.authors])
        self.categories.get([name for filing in filings for name in filing.categories])
        self.series.get([filing.series for filing in filings if filing.series])
        self.tags.get([name for filing in filings for name in filing.tags])
