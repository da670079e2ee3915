"""A query in the terms of every language that posts are written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.http import HttpRequest

from ..generation import FINDABLE
from ..models import SearchDocument
from ..state import Kept
from . import query, spelling
from .engines import Wanted
from .query import Expand, Piece, Query


@dataclass(frozen=True)
class Reading:
    """What a query asks for, and how each language says it; nothing for a query without a word."""

    pieces: Sequence[Piece]
    queries: dict[str, Query]
    expand: Expand

    def of(self, pieces: Sequence[Piece]) -> Reading:
        """Other pieces in the same languages."""
        queries = {language: query.read(pieces, language, self.expand) for language in self.queries}
        return Reading(pieces, queries, self.expand)

    @property
    def words(self) -> list[Piece]:
        """Each word by itself, as it was typed."""
        return [word for piece in self.pieces for word in piece.apart()]

    @property
    def wanted(self) -> list[Wanted]:
        """What to look for; languages that say it alike are looked for at once."""
        by_query: dict[Query, list[str]] = {}
        for language, own in self.queries.items():
            by_query.setdefault(own, []).append(language)
        if len(by_query) == 1:
            return [Wanted(own) for own in by_query]
        return [Wanted(own, tuple(languages)) for own, languages in by_query.items()]


def read(text: str, languages: Sequence[str] | None = None) -> Reading:
    return read_pieces(query.pieces(text), languages)


def read_pieces(
    pieces: Sequence[Piece], languages: Sequence[str] | None = None, expand: Expand = spelling.beginning_with
) -> Reading:
    """Pieces in these languages; without any, those in use are asked for."""
    if not pieces:
        languages = []
    elif languages is None:
        languages = languages_in_use()
    return Reading((), dict.fromkeys(languages, ()), cache(expand)).of(pieces)


def languages_for(request: HttpRequest) -> list[str]:
    """The languages of all documents, which the process keeps while no document changes."""
    return _languages.get(request)


def languages_in_use() -> list[str]:
    """The languages of all documents, found by leaps along their index; no more than `terms` has rules for."""
    table = SearchDocument._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE used (language) AS (SELECT MIN(language) FROM {table} UNION ALL "  # noqa: S608 -- our own table
            f"SELECT (SELECT MIN(language) FROM {table} WHERE language > used.language) FROM used "
            "WHERE used.language IS NOT NULL) SELECT language FROM used WHERE language IS NOT NULL"
        )
        return [language for (language,) in cursor.fetchall()]


_languages = Kept(languages_in_use, (FINDABLE,))
