"""What is kept of a post so that it can be found; written with it, in one transaction. `posts.search` reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from .. import markup, terms
from .site import SiteSettings

if TYPE_CHECKING:
    from .post import Post

MAX_WEIGHTS = 200


class TermVector(models.Field):
    """Terms in their order. Text that FTS5 indexes for SQLite; for PostgreSQL a tsvector, which needs no parser.

    It is for finding, not for reading: what comes back is in the engine's own writing.
    """

    def db_type(self, connection: Any) -> str:
        return "tsvector" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return _literal(value.split()) if connection.vendor == "postgresql" else value


def _literal(found: Iterable[str]) -> str:
    """A tsvector as PostgreSQL reads it: each term with its positions. No term has a quote or a backslash."""
    positions: dict[str, list[str]] = {}
    for position, term in enumerate(found, start=1):
        if term != terms.GAP:
            positions.setdefault(term, []).append(str(position))
    return " ".join(f"'{term}':{','.join(places)}" for term, places in positions.items())


class SearchDocumentManager(models.Manager["SearchDocument"]):
    def write(self, posts: Iterable[Post], site_language: str = "") -> None:
        """Make posts findable as they are now. To be called in the transaction that saves them.

        `site_language` spares the query for it.
        """
        site_language = site_language or SiteSettings.load().language
        documents = [describe(post, post.language or site_language) for post in posts]
        written = [field.name for field in self.model._meta.concrete_fields if not field.primary_key]
        self.bulk_create(documents, update_conflicts=True, unique_fields=["post"], update_fields=written)


class SearchDocument(models.Model):
    """A post as search sees it, whoever may see the post: what may be found is decided when somebody searches."""

    post = models.OneToOneField("posts.Post", models.CASCADE, primary_key=True, related_name="search_document")
    language = models.CharField(max_length=16, help_text="Whose rules made the terms.")
    title = models.TextField(help_text="The terms of the title.")
    weights = models.TextField(help_text='The terms that come more than once, each as "term:times", in blanks.')
    length = models.PositiveIntegerField(help_text="The number of terms.")
    title_vector = TermVector()
    text_vector = TermVector(help_text="Title, summary and text.")
    text = models.TextField(help_text="What finds are quoted from.")

    objects = SearchDocumentManager()

    class Meta:
        default_permissions = ()
        indexes = [models.Index("language", name="search_document_language")]

    def __str__(self) -> str:
        return self.title


def describe(post: Post, language: str) -> SearchDocument:
    """The document of a post, unsaved."""
    language = terms.base(language)
    text = markup.plain(post.body_html)[: terms.MAX_TEXT]
    title = terms.terms(post.title, language)
    below = [*terms.terms(post.summary, language), terms.GAP, *terms.terms(text, language)]
    everything = terms.bounded([*title, terms.GAP, *below])
    mark = terms.language_mark(language)
    return SearchDocument(
        post=post,
        language=language,
        title=" ".join(title),
        weights=_weights(below),
        length=len(everything),
        title_vector=" ".join([*title, terms.GAP, mark]),
        text_vector=" ".join([*everything, terms.GAP, mark]),
        text=text,
    )


def _weights(found: Iterable[str]) -> str:
    often = [
        (term, times) for term, times in Counter(found).most_common(MAX_WEIGHTS) if times > 1 and term != terms.GAP
    ]
    return f" {' '.join(f'{term}:{times}' for term, times in often)} "
