"""How well the spam filter tells spam from what readers write, and how long a verdict takes.

Run it with `python -m benchmarks.spam_filter [folder]`: the folder holds posts in Markdown, which the made-up readers
quote. It builds a database of its own, as `benchmarks.pages` does. See the README for how the texts are made.
"""

import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from .pages import database  # sets Django up

# isort: split

from django.db import connection

from comments import spam_filter
from comments.evidence import Visit, gather
from comments.models import Comment, Word
from comments.moderation import SURE_OF_SPAM, SUSPECTS_SPAM, decide
from posts.models import Author, CommentPolicy, Post, SiteSettings

from .reader_texts import Readers
from .spam_texts import FAMILIES, UNSEEN, disguised, padded, spam
from .texts import Text

CORPUS = Path(__file__).parents[2] / "shared" / "corpora" / "rust-blog"
SIZES = (10, 20, 50, 150, 500)
TRIED = 1000
# So often a moderator presses the wrong button.
MISTAKES = 0.02
# Another one than that with which the numbers of the filter were chosen.
SEED = 7

SEEN = tuple(name for name in FAMILIES if name not in UNSEEN)
HAM, ELSEWHERE = "ham", "ham on other subjects"
KNOWN, NEVER_SEEN = "spam of known families", "spam of families never seen"
DISGUISED, PADDED = "known, disguised", "known, behind a sincere text"
LONGEST = 20_000
HOSTILE = ("word{} ", "http://host{}.example ", "x{}'s ", "漢字{}", "\u200b{}а")

type Scores = dict[str, list[float]]


class Trial:
    """Texts to train with, and others to try: from other posts, other phrases, and families that were never seen."""

    def __init__(self, corpus: Path) -> None:
        chance = random.Random(SEED)  # noqa: S311 -- the same texts in every run; nothing is kept secret by them
        posts = [path for path in corpus.rglob("*.md") if not path.name.startswith("_")]
        taught, tried = Readers(chance, posts, 0), Readers(chance, posts, 1)
        self.ham = [taught.write() for _ in range(max(SIZES))]
        self.spam = [spam(chance, SEEN) for _ in range(max(SIZES))]
        for number in chance.sample(range(max(SIZES)), int(MISTAKES * max(SIZES))):
            self.ham[number], self.spam[number] = self.spam[number], self.ham[number]
        known = {text.body for text in (*self.ham, *self.spam)}
        self.groups = {
            HAM: unknown(known, tried.write),
            ELSEWHERE: unknown(known, tried.elsewhere),
            KNOWN: unknown(known, lambda: spam(chance, SEEN)),
            NEVER_SEEN: unknown(known, lambda: spam(chance, UNSEEN)),
            DISGUISED: unknown(known, lambda: disguised(chance, spam(chance, SEEN))),
            PADDED: unknown(known, lambda: padded(spam(chance, SEEN), tried.write())),
        }

    def scores(self) -> Scores:
        """What the filter gives to each text of each group; 0.5 while it says nothing."""
        return {name: [score(text) for text in texts] for name, texts in self.groups.items()}


def unknown(known: set[str], write: Callable[[], Text]) -> list[Text]:
    """So many texts that were not trained with to the word."""
    texts: list[Text] = []
    while len(texts) < TRIED:
        text = write()
        if text.body not in known:
            texts.append(text)
    return texts


def comment(text: Text, post: Post | None = None) -> Comment:
    return Comment(post=post, author_name=text.name, email=text.email, website=text.website, body=text.body)


def teach(post: Post, texts: Iterable[Text], lesson: spam_filter.Lesson) -> None:
    made = Comment.objects.bulk_create([comment(text, post) for text in texts], batch_size=500)
    spam_filter.learn(Comment.objects.filter(pk__in=[row.pk for row in made]), lesson)


def score(text: Text) -> float:
    opinion = spam_filter.judge(comment(text))
    return opinion.score if opinion else 0.5


def share(values: list[float], threshold: float) -> float:
    """In per cent."""
    return 100 * sum(value >= threshold for value in values) / len(values)


def precision(scores: Scores, threshold: float) -> str:
    """Of what reaches the threshold, the share that is spam, where as much spam comes as ham, half of each known."""
    wrong = share(scores[HAM] + scores[ELSEWHERE], threshold)
    right = share(scores[KNOWN] + scores[NEVER_SEEN], threshold)
    return f"{100 * right / (right + wrong):.1f}" if right + wrong else "–"


def print_growth(size: int, scores: Scores) -> None:
    ham = scores[HAM] + scores[ELSEWHERE]
    shares = [share(values, SUSPECTS_SPAM) for values in (scores[KNOWN], scores[NEVER_SEEN], ham)]
    print(f"{size:>15}", *(f"{value:>16.1f}" for value in (*shares, share(ham, SURE_OF_SPAM))))


def print_scores(scores: Scores) -> None:
    print(f"\n{'taken for, in %':34}{'suspect or spam':>17}{'spam':>8}")
    for name, values in scores.items():
        print(f"{name:34}{share(values, SUSPECTS_SPAM):>17.1f}{share(values, SURE_OF_SPAM):>8.1f}")
    print(f"{'precision':34}{precision(scores, SUSPECTS_SPAM):>17}{precision(scores, SURE_OF_SPAM):>8}")


def print_mistakes(trial: Trial, scores: Scores) -> None:
    """Which ham was suspected."""
    pairs = [*zip(trial.groups[HAM], scores[HAM], strict=True)]
    made = Counter(text.kind for text, _score in pairs)
    wrong = Counter(text.kind for text, score in pairs if score >= SUSPECTS_SPAM)
    print("Ham suspected:", ", ".join(f"{n} of {made[kind]} {kind}" for kind, n in wrong.items()) or "none")


def print_times(post: Post, readers: Iterable[Text]) -> None:
    """The verdict as it is reached when a comment comes: rendering, all queries, the filter, the decision."""
    print(f"\n{f'{Word.objects.count():,} words; ms a verdict':34}{'median':>17}{'worst':>8}")
    endless = ["".join(pattern.format(i) for i in range(LONGEST)).encode()[:LONGEST] for pattern in HOSTILE]
    hostile = [Text("hostile", body.decode(errors="ignore"), "Ada") for body in endless]
    for name, texts in (("as readers write", readers), ("20 kB, made to be slow", hostile * 5)):
        times = [verdict_time(comment(text, post)) for text in texts]
        print(f"{name:34}{statistics.median(times):>17.1f}{max(times):>8.1f}")


def verdict_time(new: Comment) -> float:
    """In milliseconds."""
    start = time.perf_counter()
    decide(gather(new, Visit(), SiteSettings(), CommentPolicy.OPEN))
    return 1000 * (time.perf_counter() - start)


def main(corpus: Path) -> None:
    if not corpus.is_dir():
        sys.exit(f"There is no folder {corpus}. Name one that holds posts in Markdown.")
    trial, taught = Trial(corpus), 0
    with database():
        post = Post.objects.create(title="Discussed", body="…", author=Author.objects.create(display_name="Ada"))
        print(f"{connection.vendor}, {TRIED} texts of each group, {MISTAKES:.0%} of the lessons wrong\n")
        print("suspect or spam, in %:")
        print(f"{'lessons of each':>15} {'spam, known':>16} {'spam, never seen':>16} {'all ham':>16} {'… as spam':>16}")
        for size in SIZES:
            teach(post, trial.ham[taught:size], "ham")
            teach(post, trial.spam[taught:size], "spam")
            scores, taught = trial.scores(), size
            print_growth(size, scores)
        print_scores(scores)
        print_mistakes(trial, scores)
        print_times(post, trial.groups[HAM][:500])


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS)
