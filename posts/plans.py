"""How the posts of a subject are asked for, so that the databases choose a quick way whatever the subject's size."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

MANY = 3000
"""From how many on it is better to go through the posts than to sort those of a subject."""


def has_many(rows: QuerySet) -> bool:
    """Whether they are more than `MANY`: a query that stops there."""
    return rows.order_by()[: MANY + 1].count() > MANY


def linked_by(links: QuerySet, post: str, *, are_many: bool = False) -> Q:
    """The condition that a row is what the field `post` of one of these links leads to.

    SQLite goes the way that it is shown: by IN from the links to the posts, all of which it then looks up and sorts;
    by EXISTS through the posts in their order, until a page is full. One is slow for the largest subject, the other for
    the rarest. Costs a small query to know which it is.
    """
    if are_many or has_many(links):
        return Q(Exists(links.filter(**{post: OuterRef("pk")})))
    return Q(pk__in=links.values(post))
