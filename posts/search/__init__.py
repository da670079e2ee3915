"""Search over what is listed, the same on SQLite (FTS5) and on PostgreSQL (tsvector).

A query goes through these modules: `query` reads it, `candidates` finds posts, `ranking` puts them in order,
`facets` counts them, `snippets` quotes them, and `spelling` has a better idea when there are none. `finding` leads.
What is searched is written by `posts.models.search` when a post is saved; `tables` keeps what else the engines need.
"""

from .finding import for_desk, search
from .likeness import Rarity, near, similar
from .query import MAX_QUERY_LENGTH, MAX_WORDS
from .reading import languages_for
from .results import Facet, Filters, Hit, Results

__all__ = [
    "MAX_QUERY_LENGTH",
    "MAX_WORDS",
    "Facet",
    "Filters",
    "Hit",
    "Rarity",
    "Results",
    "for_desk",
    "languages_for",
    "near",
    "search",
    "similar",
]
