"""Search over what is listed, the same on SQLite (FTS5) and on PostgreSQL (tsvector).

A query goes through these modules: `query` and `reading` read it, `candidates` finds posts by what `sqlite` or
`postgresql` says, of those that `narrowing` leaves, `ranking` puts them in order, `facets` counts them, `snippets`
quotes them, and `correcting` has a better idea when there are none, by the words of `spelling`. `finding` leads.
`likeness` finds what resembles a post.
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
