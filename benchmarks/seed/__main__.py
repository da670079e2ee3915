from __future__ import annotations

import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from comments.models import Comment
from posts import lists
from posts.models import Generation, Post, RelatedPost, SearchDocument, SpellingKey, TaggedPost
from posts.search import tables

from ..language import Language
from . import bulk, comments, subjects, texts
from .posts import COLUMNS, Posts, Site, states

TABLES = (Post, SearchDocument, Post.categories.through, Post.co_authors.through, TaggedPost, RelatedPost, Comment)


@contextmanager
def timed(what: str) -> Iterator[None]:
    begin = time.perf_counter()
    yield
    print(f"{what:28}{time.perf_counter() - begin:9.1f} s", flush=True)


def planned(posts: int, number_of_comments: int) -> tuple[Posts, comments.Comments]:
    """The whole site, before a row of it is written, but for its subjects."""
    chance = random.Random(20)  # noqa: S311 -- made-up texts are no secret
    language = Language(chance)
    with timed("texts, rendered"):
        bodies = texts.texts(language, chance, min(texts.TEXTS, posts))
        remarks = comments.remarks(language, chance, texts.REMARKS)
    with timed("subjects and words"), transaction.atomic():
        filed_under = subjects.make(posts, language)
        for words in batched(language.words, 1000):
            SpellingKey.objects.learn_words(words)
    stand = states(posts, chance)
    wanted = comments.numbers(stand, number_of_comments)
    site = Site(posts, timezone.now(), filed_under, bodies, language, stand)
    made = Posts(site, comments.public_numbers(wanted))
    return made, comments.Comments(made, wanted, remarks)


def fill(made: Posts, conversation: comments.Comments) -> None:
    with timed("posts"):
        bulk.write(Post, COLUMNS, made.rows())
    with timed("search documents"):
        bulk.write(SearchDocument, bulk.columns_of(SearchDocument), made.documents())
    with timed("links"):
        bulk.write(Post.categories.through, ("post_id", "category_id"), made.categories())
        bulk.write(Post.co_authors.through, ("post_id", "author_id"), made.co_authors())
        bulk.write(TaggedPost, ("content_object_id", "tag_id"), made.tags())
        bulk.write(RelatedPost, ("post_id", "other_id", "score"), made.alike())
    with timed("comments"):
        bulk.write(Comment, comments.COLUMNS, conversation.rows())


def seed(posts: int, number_of_comments: int) -> None:
    begin = time.perf_counter()
    call_command("migrate", verbosity=0)
    if Post.all_objects.exists():
        sys.exit("This database has posts already. Name an empty one in DATABASE_URL.")
    made, conversation = planned(posts, number_of_comments)
    with timed("all of the tables"), bulk.out_of_the_way(TABLES):
        fill(made, conversation)
        last = time.perf_counter()
    print(f"{'… of that, indexes':28}{time.perf_counter() - last:9.1f} s")
    with timed("what the database derives"):
        derive()
    with timed("statistics"), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(f"{Comment.all_objects.count():,} comments; {time.perf_counter() - begin:.0f} s in all, {size()}")


def derive() -> None:
    """What triggers would have written."""
    tables.rebuild()
    lists.rebuild()
    for row in Generation.objects.all():
        Generation.objects.filter(pk=row.pk).update(number=row.number + 1, changed_at=timezone.now())


def size() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database())"
            if connection.vendor == "postgresql"
            else "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        return f"{cursor.fetchone()[0] / 1e9:.2f} GB"


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.seed", description="Fill the empty database of DATABASE_URL.")
    parser.add_argument("--posts", type=int, default=1_000_000, help="(default: %(default)s)")
    parser.add_argument("--comments", type=int, help="(default: ten times as many)")
    options = parser.parse_args()
    seed(options.posts, 10 * options.posts if options.comments is None else options.comments)


if __name__ == "__main__":
    main()
