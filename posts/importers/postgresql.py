"""What PostgreSQL has to be told while an import fills its tables."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model

from ..models import Category, Post, RelatedPost, SearchDocument, Tag, TaggedPost

# With the columns that say something of each; the texts themselves would be read for nothing.
FILLED: dict[type[Model], str] = {
    Post: "(id, status, visibility, deleted_at, publish_at, unpublish_at)",
    SearchDocument: "(post_id)",
    Category: "",
    Tag: "",
    Post.categories.through: "",
    TaggedPost: "",
    RelatedPost: "",
}


def tell_sizes(written: int) -> None:
    """Have the tables looked at, if so many posts were written that PostgreSQL knows of less than half of them.

    Autovacuum comes once a minute. Till then, a column that was never looked at is taken to be NULL in one row of two
    hundred, `deleted_at` too: an index of what is not in the trash seems to hold next to nothing, and is read from its
    beginning to its end to look up a single post. To find what resembles a post took 18 ms among 300 of them.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [SearchDocument._meta.db_table])
        if 2 * cursor.fetchone()[0] < written:
            tables = ", ".join(f"{model._meta.db_table} {columns}" for model, columns in FILLED.items())
            cursor.execute(f"ANALYZE {tables}")
