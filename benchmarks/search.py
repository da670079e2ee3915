"""What a search costs among 100,000 posts, whose words are as unevenly common as those of a language.

Run it with `python -m benchmarks.search [number of posts]`, on the engine that DATABASE_URL names. It builds a database
of its own and drops it again.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import batched

from .language import Language
from .pages import database  # sets Django up

# ruff: isort: split

from django.db import connection
from django.utils import timezone

from posts import search as engine
from posts.models import Author, Category, Post, SearchDocument, SpellingKey, Tag, TaggedPost
from posts.models.search import describe
from posts.search import Filters, tables
from posts.terms import terms

POSTS = 100_000
TEXTS = 4_000
WORDS_OF_A_TEXT = 400
REPEATS = 20
SUBJECTS = 20
BATCH = 1_000

chance = random.Random(20)  # noqa: S311 -- made-up texts are no secret


def seed(size: int, language: Language) -> None:
    """Fill the database; PostgreSQL builds its indexes at the end, in one go."""
    drop_indexes()
    author = [Author.objects.create(display_name=f"Author {number}") for number in range(SUBJECTS)]
    category = [Category.objects.create(name=f"Category {number}") for number in range(SUBJECTS)]
    tag = [Tag.objects.create(name=f"Tag {number}") for number in range(SUBJECTS)]
    texts = [(text, described(text)) for text in (language.text(WORDS_OF_A_TEXT) for _ in range(TEXTS))]
    now = timezone.now()
    for numbers in batched(range(size), BATCH):
        rows = [made(number, size, now, language, author, chance.choice(texts)) for number in numbers]
        posts = Post.objects.bulk_create([post for post, _ in rows])
        SearchDocument.objects.bulk_create([document_of(post, document) for post, document in rows])
        Post.categories.through.objects.bulk_create(
            [Post.categories.through(post=post, category=chance.choice(category)) for post in posts]
        )
        TaggedPost.objects.bulk_create([TaggedPost(content_object=post, tag=chance.choice(tag)) for post in posts])
    learn(language)
    tables.install()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def drop_indexes() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for column in tables.FTS:
                cursor.execute(f"DROP INDEX {tables.index_of(column)}")


def described(text: str) -> SearchDocument:
    """The document of a text that no post has yet."""
    return describe(Post(pk=0, body_html=f"<p>{text}</p>"), "en")


def made(number: int, size: int, now, language: Language, authors: list[Author], text) -> tuple[Post, SearchDocument]:
    """A post that is an hour younger than the one before it. One in fifty is a draft."""
    words, document = text
    post = Post(
        title=language.text(6),
        slug=f"post-{number}",
        body=words,
        body_html=f"<p>{words}</p>",
        excerpt=words[:280],
        author=chance.choice(authors),
        status=Post.Status.DRAFT if number % 50 == 0 else Post.Status.PUBLISHED,
        publish_at=now - timedelta(hours=size - number),
    )
    return post, document


def document_of(post: Post, text: SearchDocument) -> SearchDocument:
    """What `describe` would make of it, from the text that many share."""
    title = terms(post.title, "en")
    return SearchDocument(
        post=post,
        language="en",
        title=" ".join(title),
        weights=text.weights,
        length=text.length,
        title_vector=" ".join(title),
        text_vector=" ".join([*title, text.text_vector]),
        text=text.text,
    )


def learn(language: Language) -> None:
    for words in batched(language.words, BATCH):
        SpellingKey.objects.learn_words(words)


def questions(language: Language) -> dict[str, Callable[[], object]]:
    words = language.words
    common, middling, rare = words[0], words[200], words[8_000]
    phrase = " ".join(SearchDocument.objects.order_by("pk").last().text.split()[10:13])
    asked = {
        "the commonest word": common,
        "a middling word": middling,
        "a rare word": rare,
        "two common words": f"{words[1]} {words[2]}",
        "a common and a rare word": f"{common} {rare}",
        "eight common words": " ".join(words[:8]),
        "a phrase of a text": f'"{phrase}"',
        "a phrase of common words": f'"{words[0]} {words[1]}"',
        "three letters of a word": words[40][:3],
        "a word that is begun": middling[:5],
        "a typo": f"{rare[:3]}x{rare[3:]}",
        "two typos and a word": f"{rare[:3]}x{rare[3:]} {words[9_000][1:]} {common}",
        "nothing like it": "qqqqqqqq wwwwwwww",
    }
    known = {name: lambda text=text: engine.search(text) for name, text in asked.items()}
    narrow = Filters(category="category-1", tag="tag-2", year=2025)
    return known | {
        "the commonest, page 50": lambda: engine.search(common, offset=980),
        "the commonest, in a category": lambda: engine.search(common, Filters(category="category-1")),
        "the commonest, three filters": lambda: engine.search(common, narrow),
        "near(): an address": lambda: engine.near(f"/2019/{words[30]}-{rare}-{words[300]}x/"),
        "similar(): a post": lambda: engine.similar(Post.published.listed().latest()),
    }


def measure(ask: Callable[[], object]) -> list[float]:
    """Milliseconds of each repetition, in order."""
    ask()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)


def report(language: Language) -> None:
    print(f"{'':32}{'finds':>8}{'fastest':>10}{'p50 ms':>10}{'p95 ms':>10}")
    for name, ask in questions(language).items():
        answer = ask()
        finds = answer.total if isinstance(answer, engine.Results) else len(answer)
        times = measure(ask)
        shown = (times[0], statistics.median(times), times[int(len(times) * 0.95) - 1])
        print(f"{name:32}{finds:>8}" + "".join(f"{milliseconds:>10.1f}" for milliseconds in shown))


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else POSTS
    language = Language(chance)
    with database():
        seed(size, language)
        print(f"{connection.vendor}, {size:,} posts of {WORDS_OF_A_TEXT} words, {REPEATS} times each\n")
        report(language)


if __name__ == "__main__":
    main()
