"""The words that posts are made of, found by what is nearly them: a query's word may be one letter off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.db import connections, models
from django.db.models import F

from .. import terms

if TYPE_CHECKING:
    from .post import Post

SHORTEST, LONGEST = 4, 20
HEAD = 4
_LEARNING = 0x5EA7C4


def shortened(word: str) -> set[str]:
    """The word, and what is left of it without any one of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def head(start: str) -> str:
    """The key of all words that begin alike."""
    return f"{start[:HEAD]}*"


def is_word(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


class SpellingKeyManager(models.Manager["SpellingKey"]):
    def learn(self, posts: Iterable[Post]) -> None:
        """Know the words of these posts. To be called in a transaction.

        Another transaction that learns at this moment is not waited for, since it might wait for this one: what is
        not learnt now comes with the next post, or with `manage.py reindex`.
        """
        self.learn_words(word for post in posts for word in telling_words(post))

    def learn_words(self, words: Iterable[str]) -> None:
        wanted = set(filter(is_word, words))
        new = sorted(wanted - self.known(wanted))
        if new and self._may_learn():
            self._add([(key, word) for word in new for key in {*shortened(word), head(word)}])

    def known(self, words: Iterable[str]) -> set[str]:
        return set(self.filter(key__in=list(words), word=F("key")).values_list("word", flat=True))

    def _add(self, pairs: list[tuple[str, str]]) -> None:
        """Past the ORM: an import adds a hundred thousand. PostgreSQL plans and runs each statement of many apart."""
        columns = f"{self.model._meta.db_table} (key, word)"
        rest = "ON CONFLICT DO NOTHING"
        with connections[self.db].cursor() as cursor:
            if connections[self.db].vendor == "postgresql":
                arrays = [list(column) for column in zip(*pairs, strict=True)]
                cursor.execute(f"INSERT INTO {columns} SELECT * FROM unnest(%s::text[], %s::text[]) {rest}", arrays)  # noqa: S608 -- our own table
            else:
                cursor.executemany(f"INSERT INTO {columns} VALUES (%s, %s) {rest}", pairs)  # noqa: S608 -- the same

    def _may_learn(self) -> bool:
        """On SQLite a transaction that writes is alone anyway."""
        connection = connections[self.db]
        if connection.vendor != "postgresql":
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LEARNING])
            return cursor.fetchone()[0]


class SpellingKey(models.Model):
    """That a word may be meant by a key: itself, itself less a letter, or its beginning."""

    pk = models.CompositePrimaryKey("key", "word")
    key = models.CharField(max_length=LONGEST)
    word = models.CharField(max_length=LONGEST)

    objects = SpellingKeyManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key} → {self.word}"


def telling_words(post: Post) -> Iterator[str]:
    """Those of title and summary, and those that the text has more than once: a slip of the pen comes alone."""
    yield from terms.words(f"{post.title} {post.summary}")
    counted = Counter(terms.words(post.search_document.text))
    yield from (word for word, times in counted.items() if times > 1)
