"""Searching: from a text to a page of posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ..models import Post, SearchDocument
from . import facets as counting
from . import query, snippets
from .candidates import candidates, in_texts_or_titles
from .correcting import suggestion
from .engines import among
from .narrowing import Narrowing, passing
from .ranking import Candidate, ranked
from .reading import Reading, read
from .results import Filters, Hit, Results
from .tables import TEXTS, TITLES

MAX_IN_TITLES = 200
MAX_CANDIDATES = 400
MAX_LIMIT = 100

# What is told of a find.
SHOWN = (
    *("title", "slug", "language", "publish_at", "summary", "comment_count"),
    *("author__display_name", "author__slug", "author__deleted_at"),
    *("search_document__language", "search_document__text"),
)

NO_FILTERS = Filters()


def search(
    text: str,
    filters: Filters = NO_FILTERS,
    *,
    offset: int = 0,
    limit: int = 20,
    facets: bool = True,
    languages: Sequence[str] | None = None,
) -> Results:
    """The listed posts with all words and phrases of `text`, the best first; any text is a query.

    Of more posts than `MAX_CANDIDATES` only the newest are looked at, and those with the words in their titles.
    `languages` spares the query for those in use.
    """
    text = query.clean(text)
    reading = read(text, languages)
    if not reading.queries:
        return Results(text)
    only = passing(filters)
    ids, is_capped = find(reading, only)
    known = described(ids, reading)
    order = ranked(known, reading.queries, only.moment)
    shown = hits(order[max(offset, 0) :][: min(limit, MAX_LIMIT)], reading, only.moment)
    results = Results(text, shown, len(known), is_capped)
    if facets:
        results = counting.counted(results, known, filters)
    return results if known else replace(results, suggestion=suggestion(reading, only))


def find(reading: Reading, only: Narrowing) -> tuple[list[int], bool]:
    """The candidates: their ids, each once, and whether there are more of them. One query."""
    (found, is_complete), titled = in_texts_or_titles(reading.wanted, MAX_CANDIDATES, MAX_IN_TITLES, only)
    if len(found) <= MAX_CANDIDATES:
        return found, not is_complete
    return list(dict.fromkeys([*titled, *found]))[:MAX_CANDIDATES], True


def for_desk(text: str, limit: int) -> list[int]:
    """The ids of posts with all words of `text`, whoever may see them: first of all those with them in their titles."""
    wanted, all_posts = read(query.clean(text)).wanted, Narrowing(for_desk=True)
    titled = candidates(TITLES, wanted, limit, all_posts).ids
    return list(dict.fromkeys([*titled, *candidates(TEXTS, wanted, limit, all_posts).ids]))[:limit]


def described(ids: Sequence[int], reading: Reading) -> list[Candidate]:
    """What is known of these posts, but for one that was saved meanwhile in a language that no other has."""
    if not ids:
        return []
    columns = ("pk", "language", "title", "weights", "length", "post__publish_at")
    documents = SearchDocument.objects.filter(pk__in=among(ids), language__in=list(reading.queries))
    return [Candidate(*row) for row in documents.values_list(*columns)]


def hits(ids: Sequence[int], reading: Reading, moment: datetime) -> list[Hit]:
    """These posts in this order; one that was hidden meanwhile is left out, but for what time hid since the moment."""
    related = ("author", "search_document")
    posts = Post.all_objects.listed(moment).select_related(*related).only(*SHOWN)
    found = posts.filter(search_document__language__in=list(reading.queries)).in_bulk(ids)
    return [_hit(found[pk], reading) for pk in ids if pk in found]


def _hit(post: Post, reading: Reading) -> Hit:
    document = post.search_document
    own, language = reading.queries[document.language], document.language
    return Hit(
        post,
        snippets.title(post.title, own, language),
        snippets.snippet(document.text, post.summary, own, language),
    )
