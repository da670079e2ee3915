"""Markdown in, safe HTML out. No other module marks HTML as safe.

A body passes four stations:

1. `parser`: Markdown becomes HTML, an author's own tags included;
2. `elements`: the tags are put in order, so that what follows does bounded work;
3. `document`: headings get ids (`outline`), pictures their size (`media`), players become links (`embeds`), and so on;
4. `allowed`: the sanitiser, last of all, so that no station before it has to be trusted.

All of it is pure: no database, no settings, no clock. Parsers and sanitisers are built once and shared by threads.
"""

from __future__ import annotations

import html as html_escapes
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from .allowed import BLOCK, clean_body, clean_comment
from .document import arrange
from .elements import TAG, parse, serialise
from .elsewhere import PERMALINK, absolute, for_feed
from .labels import ENGLISH, Labels
from .media import Picture, PictureOf, Source
from .outline import RESERVED_IDS, RESERVED_PREFIXES, TocEntry
from .parser import body_parser, comment_parser, commonmark
from .providers import hosts_in
from .quotes import Quotes, quotes_of
from .text import clean_line, clean_text, count_words, reading_minutes, shorten

__all__ = [
    "ENGLISH",
    "MAX_BODY_LENGTH",
    "RESERVED_IDS",
    "RESERVED_PREFIXES",
    "Labels",
    "Picture",
    "PictureOf",
    "Quotes",
    "Rendered",
    "Source",
    "TocEntry",
    "absolute",
    "clean_line",
    "clean_text",
    "commonmark",
    "data_block",
    "for_feed",
    "highlighted",
    "hosts_in",
    "no_picture",
    "plain",
    "quotes_of",
    "render",
    "render_comment",
    "stored",
]

MAX_BODY_LENGTH = 1_000_000
"""Characters, for forms to enforce; rendering itself takes any length."""

_JSON_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&\u2028\u2029"}
_ADDED = re.compile(
    rf'{PERMALINK.pattern}|<sup class="footnote-ref">.*?</sup>|<a (?=[^<>]*class="footnote-backref")[^<>]*>[^<>]*</a>'
)
_BREAKS = BLOCK | {"br"}

# One for each style of quotation marks, which the library keeps in its options.
_body = cache(body_parser)
_comment = comment_parser()


@dataclass(frozen=True)
class Rendered:
    """A body as readers get it, and what can be told of it. `toc` lists the headings in their order."""

    html: SafeString
    toc: list[TocEntry]
    excerpt: str
    word_count: int
    reading_minutes: int


def no_picture(src: str) -> Picture | None:
    return None


def render(source: str, *, doc_id: str = "", picture_of: PictureOf = no_picture, labels: Labels = ENGLISH) -> Rendered:
    """Render the Markdown of a post or a page.

    `doc_id`, of letters, digits and hyphens, keeps the footnotes of several bodies on one page apart.
    `picture_of` tells what there is of a picture by its address, or None if it is not one of ours.
    """
    markup = clean_text(_body(labels.quotes).render(clean_text(source), {"doc_id": doc_id, "labels": labels}))
    document = arrange(parse(markup), cache(picture_of), labels)
    words = count_words(document.prose.everything)
    return Rendered(
        html=stored(clean_body(serialise(document.events))),
        toc=document.toc,
        excerpt=shorten(document.prose.quotable),
        word_count=words,
        reading_minutes=reading_minutes(words),
    )


def render_comment(source: str) -> SafeString:
    """Render a reader's Markdown: no HTML, no pictures, no ids, headings from h4, links that search engines ignore."""
    markup = clean_text(_comment.render(clean_text(source)))
    return stored(clean_comment(serialise(parse(markup))))


def plain(html: str) -> str:
    """The text of rendered HTML, code included, on one line; without the marks that rendering has added."""
    text = TAG.sub(lambda tag: " " if tag[2] in _BREAKS else "", _ADDED.sub("", html))
    return " ".join(html_escapes.unescape(text).split())


def highlighted(text: str, spans: Iterable[tuple[int, int]]) -> SafeString:
    """Plain text with these stretches marked, each from its start to its end; they are in order and apart."""
    parts, done = [], 0
    for start, end in spans:
        parts += [html_escapes.escape(text[done:start]), "<mark>", html_escapes.escape(text[start:end]), "</mark>"]
        done = end
    return stored("".join([*parts, html_escapes.escape(text[done:])]))


def stored(html: str) -> SafeString:
    """Mark as safe what this module has rendered and the database has kept."""
    return mark_safe(html)  # noqa: S308 -- the one place: it comes out of the sanitiser


def filled(form: str, words: Iterable[str]) -> SafeString:
    """HTML that a template has rendered, as `str.format` takes it, with words in it: escaped, if they are not safe."""
    escaped = [word if isinstance(word, SafeString) else html_escapes.escape(word) for word in words]
    return mark_safe(form.format(*escaped))  # noqa: S308 -- the form is safe, and so is each word now


def data_block(value: Any) -> SafeString:
    """A block of JSON-LD for a page's head. No text in it can end the block or begin a comment: "<" is escaped."""
    text = json.dumps(value, ensure_ascii=False).translate(_JSON_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 -- escaped just before
