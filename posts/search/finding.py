"""Searching: from a text to a page of posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils import timezone

from ..models import Post, SearchDocument
from ..slugs import fold
from . import facets as counting
from . import query, snippets, spelling
from .candidates import candidates
from .engines import FOR_DESK, Narrowing, among
from .query import Piece
from .ranking import Candidate, ranked
from .reading import Reading, read
from .results import Filters, Hit, Results
from .tables import TEXTS, TITLES

MAX_IN_TITLES = 200
MAX_CANDIDATES = 400
MAX_LIMIT = 100
MAX_SUGGESTIONS = 4
# Posts that are asked whether they have a word as it is written.
MAX_WITNESSES = 20

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
    only = Narrowing(counting.passing(filters))
    ids, is_capped = find(reading, only)
    known = described(ids, reading)
    order = ranked(known, reading.queries, timezone.now())
    results = Results(text, hits(order[max(offset, 0) :][: min(limit, MAX_LIMIT)], reading), len(known), is_capped)
    if facets:
        results = counting.counted(results, known, filters)
    return results if known else replace(results, suggestion=suggestion(reading, only))


def find(reading: Reading, only: Narrowing) -> tuple[list[int], bool]:
    """The candidates: their ids, each once, and whether there are more of them."""
    wanted = reading.wanted
    found, is_complete = candidates(TEXTS, wanted, MAX_CANDIDATES + 1, only)
    if len(found) <= MAX_CANDIDATES:
        return found, not is_complete
    titled = candidates(TITLES, wanted, MAX_IN_TITLES, only).ids
    return list(dict.fromkeys([*titled, *found]))[:MAX_CANDIDATES], True


def for_desk(text: str, limit: int) -> list[int]:
    """The ids of posts with all words of `text`, whoever may see them: first of all those with them in their titles."""
    wanted = read(query.clean(text)).wanted
    titled = candidates(TITLES, wanted, limit, FOR_DESK).ids
    return list(dict.fromkeys([*titled, *candidates(TEXTS, wanted, limit, FOR_DESK).ids]))[:limit]


def described(ids: Sequence[int], reading: Reading) -> list[Candidate]:
    """What is known of these posts, but for one that was saved meanwhile in a language that no other has."""
    columns = ("pk", "language", "title", "weights", "length", "post__publish_at")
    documents = SearchDocument.objects.filter(pk__in=among(ids), language__in=list(reading.queries))
    return [Candidate(*row) for row in documents.values_list(*columns)]


def hits(ids: Sequence[int], reading: Reading) -> list[Hit]:
    """These posts in this order; one that was hidden meanwhile is left out."""
    related = ("author", "search_document")
    posts = Post.published.listed().select_related(*related).only(*SHOWN)
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


def suggestion(reading: Reading, only: Narrowing) -> str:
    """A query that differs in words that nothing has, and that does find something; or ""."""
    alike = spelling.alike(word.words[0] for word in reading.words)
    doubtful = [word for word in reading.words if alike.get(word.words[0])]
    meant = {word.words[0]: alike[word.words[0]] for word in doubtful if not finds([word], reading, only)}
    for number in range(min(MAX_SUGGESTIONS, max(map(len, meant.values()), default=0))):
        better = {word: others[min(number, len(others) - 1)] for word, others in meant.items()}
        pieces = [piece.spelt(better) for piece in reading.pieces]
        if finds(pieces, reading, only) and all(is_written(word, reading) for word in better.values()):
            return " ".join(map(str, pieces))
    return ""


def is_written(word: str, reading: Reading) -> bool:
    """Whether a listed post has the word in this form; that of a hidden one may share no more than its stem."""
    ids = candidates(TEXTS, reading.of([Piece((word,), False, False)]).wanted, MAX_WITNESSES).ids
    texts = SearchDocument.objects.filter(pk__in=among(ids)).values_list("post__title", "post__summary", "text")
    return any(word in fold(" ".join(parts)) for parts in texts)


def finds(pieces: Sequence[Piece], reading: Reading, only: Narrowing) -> bool:
    """Whether anything has these, in a language of the reading."""
    return bool(candidates(TEXTS, reading.of(pieces).wanted, 1, only).ids)
