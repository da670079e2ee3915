"""Search over what is listed: every word must occur, and a hit in the title stands above one in the text."""

from __future__ import annotations

from django.db.models import Case, IntegerField, Q, Value, When

from . import markup
from .managers import PostQuerySet
from .models import Post

MAX_QUERY_LENGTH = 200
MAX_WORDS = 8


def words(query: str) -> list[str]:
    """The words to look for; a query is cut where nobody types on."""
    return markup.clean_line(query)[:MAX_QUERY_LENGTH].split()[:MAX_WORDS]


def search(query: str) -> PostQuerySet:
    """The listed posts with every word of `query` in their title, summary or text, titles first, then newest first."""
    wanted = words(query)
    if not wanted:
        return Post.published.none()
    anywhere, in_title = Q(), Q()
    for word in wanted:
        anywhere &= Q(title__icontains=word) | Q(summary__icontains=word) | Q(body__icontains=word)
        in_title &= Q(title__icontains=word)
    rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    return Post.published.listed().filter(anywhere).annotate(rank=rank).order_by("rank", "-publish_at", "-pk")
