"""A filter that learns from the moderators' decisions what spam looks like on this site, and asks nobody else.

Each word counts in how many approved comments it was, and in how many that were called spam. The words of a new comment
are weighed together as Gary Robinson describes it ("A Statistical Approach to the Spam Problem", Linux Journal 107,
2003), with Fisher's method of combining probabilities.

What was learnt of a comment is told by its `learnt_as`. So it is learnt once, taken back exactly when a moderator
decides otherwise, and all of it can be counted again from the comments.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched, islice, pairwise
from typing import Literal
from urllib.parse import urlsplit

from django.db import transaction

from .abuse import fold
from .counts import BATCH, lock_posts
from .managers import CommentQuerySet
from .models import Comment, Word

type Lesson = Literal["ham", "spam", ""]

LEAST_OF_EACH = 20
"""Without so many comments of both kinds the filter says nothing."""
MAX_WORDS = 250
"""Different words of a body that are looked at."""
STRETCH, STEP = 10, 5
"""A body is weighed by so many words at a time, and the next time begins so many later: the most suspicious stretch
counts. So an advertisement does not hide behind a sincere text, or in a long one."""
TELLING = 30
"""Of a stretch and of what surrounds it, so many of the most telling words are weighed."""

# Robinson's constants: how much we believe, before having seen a word, that it tells nothing.
STRENGTH, PRIOR = 0.45, 0.5
# Words that are about as frequent in both are noise.
LEAST_BIAS = 0.1
EVIDENCE_SHOWN = 6

_WORD = re.compile(r"[^\W_]++(?:['’][^\W_]++)?")
_IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}+")
_HOST = re.compile(r"(?:https?://|\bwww\.)([^\s/?#:<>()\[\]\"']{3,253}+)", re.IGNORECASE)
_LONGEST = 24
_LONGEST_HOST = 50


@dataclass(frozen=True)
class Opinion:
    """`score` goes from 0, sincere, to 1, spam; `words` are those that speak for the likelier of both."""

    score: float
    words: tuple[str, ...]


# --- Words ------------------------------------------------------------------------------------------------------------


def words_of(comment: Comment) -> set[str]:
    """The words of a comment that the filter counts; those that are not of its text begin with their place."""
    return {*_body_words(comment), *_other_words(comment)}


def _body_words(comment: Comment) -> list[str]:
    return list(islice(_unique(_words(fold(comment.body))), MAX_WORDS))


def _other_words(comment: Comment) -> set[str]:
    """Of the name, and of the hosts of the addresses."""
    words = {f"name:{word}" for word in _words(fold(comment.author_name))}
    words.update(_host_words("mail", comment.email.rpartition("@")[2]))
    words.update(_host_words("site", _host(comment.website)))
    for host in islice(_unique(_HOST.findall(comment.body.lower())), MAX_WORDS // 10):
        words.update(_host_words("link", host))
    return words


def _words(folded: str) -> Iterator[str]:
    """Words as they stand; of what is written without spaces, each two neighbours."""
    for found in _WORD.finditer(folded):
        word = found[0]
        runs = _IDEOGRAPHS.findall(word)
        for run in runs:
            yield from map("".join, pairwise(run))
        if not runs and len(word) > 1:
            yield word[:_LONGEST]


def _host_words(place: str, host: str) -> Iterator[str]:
    """The host, the domain that it belongs to as far as its last two names tell, and the end of that."""
    names = host.lower().removeprefix("www.").strip(".").split(".")
    if len(names) > 1:
        for number in {len(names), 2}:
            yield f"{place}:{'.'.join(names[-number:])[-_LONGEST_HOST:]}"
        yield f"{place}:.{names[-1][:_LONGEST]}"


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _unique[T](items: Iterable[T]) -> Iterator[T]:
    return iter(dict.fromkeys(items))


# --- Judging ----------------------------------------------------------------------------------------------------------


def judge(comment: Comment) -> Opinion | None:
    """What the filter thinks of a comment, in one query; None while it has learnt too little."""
    body, other = _body_words(comment), _other_words(comment)
    rows = {row.word: row for row in Word.objects.filter(pk__in=["", *body, *other])}
    learnt = rows.pop("", Word())
    if min(learnt.ham, learnt.spam) < LEAST_OF_EACH:
        return None
    biases = {word: _probability(row, learnt) for word, row in rows.items()}
    opinions = (
        _opinion({word: biases[word] for word in (*words, *other) if word in biases}) for words in _stretches(body)
    )
    return max(opinions, key=lambda opinion: opinion.score)


def _stretches(words: list[str]) -> Iterator[list[str]]:
    last = max(len(words) - STRETCH, 0)
    for start in range(0, last + STEP, STEP):
        yield words[min(start, last) :][:STRETCH]


def _opinion(biases: dict[str, float]) -> Opinion:
    """What words say together that are each as probably spam as `biases` tell."""
    telling = sorted(biases, key=lambda word: (-abs(biases[word] - 0.5), word))[:TELLING]
    telling = [word for word in telling if abs(biases[word] - 0.5) >= LEAST_BIAS]
    score = combined([biases[word] for word in telling])
    shown = (word for word in telling if (biases[word] > 0.5) == (score > 0.5))
    return Opinion(score, tuple(islice(shown, EVIDENCE_SHOWN)))


def _probability(word: Word, learnt: Word) -> float:
    """That a comment with this word is spam, were both kinds as frequent: Robinson's f(w)."""
    spam, ham = word.spam / learnt.spam, word.ham / learnt.ham
    seen = word.spam + word.ham
    if not seen:
        return PRIOR
    return (STRENGTH * PRIOR + seen * spam / (spam + ham)) / (STRENGTH + seen)


def combined(probabilities: list[float]) -> float:
    """All of them as one, from 0 to 1; about 0.5 when there are none, or when they speak against each other."""
    freedom = 2 * len(probabilities)
    spam = _chi2q(-2 * sum(math.log(p) for p in probabilities), freedom)
    ham = _chi2q(-2 * sum(math.log1p(-p) for p in probabilities), freedom)
    return (1 + spam - ham) / 2


def _chi2q(chi: float, freedom: int) -> float:
    """How probable a chi-square of at least `chi` is by chance, for an even number of degrees of freedom."""
    half = chi / 2
    term = total = math.exp(-half)
    for i in range(1, freedom // 2):
        term *= half / i
        total += term
    return min(total, 1.0)


# --- Learning ---------------------------------------------------------------------------------------------------------


def learn(comments: CommentQuerySet, lesson: Lesson) -> int:
    """Learn that these comments are ham, or spam, or ("") forget what was learnt of them; return how many that changed.

    Words of the texts are counted as they stand now: who changes a text that was learnt forgets it first.

    Whoever learns keeps the posts of the comments, as all do who change comments, and then the row of the empty word,
    on which all learning meets. So two moderators never wait for each other in a circle, and none counts on what the
    other is about to change.
    """
    taught = comments.order_by()
    with transaction.atomic():
        lock_posts(taught.values_list("post_id", flat=True))
        _meet()
        pks = taught.exclude(learnt_as=lesson).values_list("pk", flat=True)
        return sum(_learn_batch(batch, lesson) for batch in batched(list(pks), BATCH))


def _meet() -> None:
    """Wait until nobody else learns."""
    Word.objects.bulk_create([Word(word="")], ignore_conflicts=True)
    Word.objects.select_for_update().get(pk="")


def _learn_batch(pks: Iterable[int], lesson: Lesson) -> int:
    rows = Comment.all_objects.filter(pk__in=pks)
    _count(rows, lesson)
    return rows.update(learnt_as=lesson)


def _count(comments: Iterable[Comment], lesson: Lesson) -> None:
    """Add the words of the comments to those of the lesson, and take them from those that they were counted with."""
    changes: dict[Lesson, Counter[str]] = {"ham": Counter(), "spam": Counter(), "": Counter()}
    for comment in comments:
        words = {"", *words_of(comment)}
        changes[comment.learnt_as].subtract(words)  # type: ignore[index]  # the model's choices are the lessons
        changes[lesson].update(words)
    _add(changes["ham"], changes["spam"])


def _add(ham: Counter[str], spam: Counter[str]) -> None:
    """Write the changes down, in sorted order; a word that nothing is known of any more is deleted."""
    changed = sorted(word for word in ham.keys() | spam.keys() if ham[word] or spam[word])
    stored = Word.objects.in_bulk(changed)
    rows = []
    for word in changed:
        row = stored.get(word) or Word(word=word)
        # Never below nothing: a text may have been changed past us, and `rebuild` puts that right.
        row.ham, row.spam = max(row.ham + ham[word], 0), max(row.spam + spam[word], 0)
        rows.append(row)
    known = [row for row in rows if row.ham or row.spam or not row.word]
    Word.objects.bulk_create(known, update_conflicts=True, unique_fields=["word"], update_fields=["ham", "spam"])
    gone = [row.word for row in rows if not (row.ham or row.spam) and row.word]
    for words in batched(gone, BATCH):
        Word.objects.filter(pk__in=words).delete()


def rebuild() -> Word:
    """Count all words again from the comments that were learnt, those in the trash too; return how many those are.

    What was deleted for good has taken its words along.
    """
    with transaction.atomic():
        _meet()
        Word.objects.exclude(pk="").delete()
        Word.objects.filter(pk="").update(ham=0, spam=0)
        learnt = Comment.all_objects.exclude(learnt_as="").order_by("pk")
        for comments in batched(learnt.iterator(chunk_size=BATCH), BATCH):
            _count_again(comments)
        return Word.objects.get(pk="")


def _count_again(comments: Iterable[Comment]) -> None:
    numbers: dict[str, Counter[str]] = {"ham": Counter(), "spam": Counter()}
    for comment in comments:
        numbers[comment.learnt_as].update({"", *words_of(comment)})
    _add(numbers["ham"], numbers["spam"])


def learn_from_statuses() -> int:
    """Take what stands approved for ham, and what stands as spam for spam, where no moderator's decision is known.

    For a site whose comments came from elsewhere. Not for one whose verdicts were our own: the filter would learn from
    itself. Returns how many comments that are.
    """
    undecided = Comment.objects.filter(learnt_as="")
    return learn(undecided.approved(), "ham") + learn(undecided.spam(), "spam")
