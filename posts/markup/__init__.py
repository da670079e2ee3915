"""Markdown in, safe HTML out. No other module marks HTML as safe.

A body passes four stations:

1. `parser`: Markdown becomes HTML, an author's own tags included;
2. `elements`: the tags are put in order, so that what follows does bounded work;
3. `document`: headings get ids, pictures their size, foreign pictures become links, and so on;
4. `allowed`: the sanitiser, last of all, so that no station before it has to be trusted.

All of it is pure: no database, no settings, no clock. Parsers and sanitisers are built once and shared by threads.
"""

from __future__ import annotations

import html as html_escapes
import re
from dataclasses import dataclass
from functools import cache
from re import Match
from urllib.parse import urljoin

from django.utils.safestring import SafeString, mark_safe

from .allowed import clean_body, clean_comment
from .document import RESERVED_IDS, RESERVED_PREFIXES, TocEntry, arrange
from .elements import ATTRIBUTE, TAG, parse, serialise
from .labels import ENGLISH, Labels
from .media import ImageSize
from .parser import body_parser, comment_parser, commonmark
from .quotes import Quotes, quotes_of
from .text import clean_line, clean_text, count_words, reading_minutes, shorten

__all__ = [
    "ENGLISH",
    "MAX_BODY_LENGTH",
    "RESERVED_IDS",
    "RESERVED_PREFIXES",
    "ImageSize",
    "Labels",
    "Quotes",
    "Rendered",
    "TocEntry",
    "absolute",
    "clean_line",
    "clean_text",
    "commonmark",
    "for_feed",
    "no_size",
    "quotes_of",
    "render",
    "render_comment",
    "stored",
]

MAX_BODY_LENGTH = 1_000_000
"""Characters, for forms to enforce; rendering itself takes any length."""

_PERMALINK = re.compile(r' ?<a (?=[^<>]*class="permalink")[^<>]*>#</a>')
_ADDRESSES = {"cite", "href", "poster", "src"}

_comment = comment_parser()


@dataclass(frozen=True)
class Rendered:
    """A body as readers get it, and what can be told of it. `toc` lists the headings in their order."""

    html: SafeString
    toc: list[TocEntry]
    excerpt: str
    word_count: int
    reading_minutes: int


def no_size(src: str) -> tuple[int, int] | None:
    return None


def render(source: str, *, doc_id: str = "", image_size: ImageSize = no_size, labels: Labels = ENGLISH) -> Rendered:
    """Render the Markdown of a post or a page.

    `doc_id`, of letters, digits and hyphens, keeps the footnotes of several bodies on one page apart.
    `image_size` tells width and height in pixels of a picture by its address, or None if it is not one of ours.
    """
    markup = clean_text(body_parser(labels.quotes).render(clean_text(source), {"doc_id": doc_id, "labels": labels}))
    document = arrange(parse(markup), cache(image_size), labels)
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


def for_feed(html: str, base: str) -> str:
    """Rendered HTML as a feed carries it, without the links of headings to themselves; `base` as in `absolute`."""
    return absolute(_PERMALINK.sub("", html), base)


def stored(html: str) -> SafeString:
    """Mark as safe what this module has rendered and the database has kept."""
    return mark_safe(html)  # noqa: S308 -- the one place: it comes out of the sanitiser


def absolute(html: str, base: str) -> str:
    """Make every address in rendered HTML absolute, for feeds; `base` is the address of the page it stands on."""

    def with_absolute_addresses(tag: Match[str]) -> str:
        attributes = ATTRIBUTE.sub(lambda attribute: _absolute_attribute(attribute, base), tag[3] or "")
        return f"<{tag[1]}{tag[2]}{attributes}>"

    return TAG.sub(with_absolute_addresses, html)


def _absolute_attribute(attribute: Match[str], base: str) -> str:
    name, value = attribute[1], html_escapes.unescape(attribute[2] or "")
    if name in _ADDRESSES:
        value = _joined(base, value)
    elif name == "srcset":
        candidates = (candidate.split(maxsplit=1) for candidate in value.split(", "))
        value = ", ".join(" ".join([_joined(base, url), *descriptor]) for url, *descriptor in candidates)
    else:
        return attribute[0]
    return f'{name}="{html_escapes.escape(value)}"'


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        # No address at all, such as "http://[": it stays what it was.
        return address
