"""Bodies of varying length, rendered once and shared by many posts, with what search keeps of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from django.db import connection

from posts.models import Post, SearchDocument
from posts.models.search import describe
from posts.models.written import RENDERED_FIELDS
from posts.terms import GAP, bounded, language_mark, terms

from ..language import Language
from .bulk import literal

TEXTS = 1_200
REMARKS = 3_000
MEDIAN_WORDS = 100
LONGEST_TITLE = 8
LANGUAGE = "en"


@dataclass(frozen=True)
class Text:
    """What all posts with one body have in common. The vector is that of the body alone, in the engine's writing."""

    columns: dict[str, Any]
    weights: str
    length: int
    vector: str
    plain: str


def texts(language: Language, chance: random.Random, number: int = TEXTS) -> list[Text]:
    return [_text(language, chance) for _ in range(number)]


def _text(language: Language, chance: random.Random) -> Text:
    post = Post(pk=0, body=_body(language, chance))
    post.render()
    document = describe(post, LANGUAGE)
    columns = {name: getattr(post, name) for name in ("body", *RENDERED_FIELDS)}
    columns["toc"] = literal("toc", Post, post.toc)
    return Text(columns, document.weights, document.length, _vector(document.text), document.text)


def _body(language: Language, chance: random.Random) -> str:
    """Paragraphs; between them now and then a heading, a list, a quotation or some code."""
    left = min(int(chance.lognormvariate(0, 0.9) * MEDIAN_WORDS) + 20, 4_000)
    parts = []
    while left > 0:
        words = language.some(chance.randint(20, 80))
        left -= len(words)
        words[0], words[-1] = f"*{words[0]}*", f"[{words[-1]}](https://example.org/{words[-1]})."
        shape = chance.choice(("{}", "{}", "{}", f"## {words[1]}\n\n{{}}", "- {}", "> {}", "```python\n{}\n```"))
        parts.append(shape.format(" ".join(words)))
    return "\n\n".join(parts)


def _vector(plain: str) -> str:
    """Of the body of a post whose title is as long as titles get, so that it fits below any of them."""
    padding = [GAP] * (LONGEST_TITLE + 1)
    return _prepared("text_vector", bounded([*padding, *terms(plain, LANGUAGE)]))


def _prepared(column: str, found: list[str]) -> str:
    return literal(column, SearchDocument, " ".join(found))


def document(pk: int, title: str, text: Text) -> tuple[Any, ...]:
    """The row of SearchDocument, in the order of its fields, as `describe` would make it."""
    own, marks = terms(title, LANGUAGE), [GAP, language_mark(LANGUAGE)]
    heads, tails = _prepared("title_vector", [*own, *marks]), text.vector
    # PostgreSQL's vectors are sets, which may be written one after the other; FTS5's are texts.
    whole = " ".join([*own, GAP, tails, *marks]) if connection.vendor == "sqlite" else f"{heads} {tails}"
    return (pk, LANGUAGE, " ".join(own), text.weights, text.length + len(own), heads, whole, text.plain)
