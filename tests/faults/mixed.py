"""Readers, writers and editors at once, and a checker who knows of every change: no answer is stale, and none leaks.

    python -m tests.faults.mixed [seconds] [--pace SECONDS] [--comments SHARE] [--due POSTS]

Of every 100 questions to four processes 95 are for pages that all ask for, 4 for others, 1 is a comment. Every two
seconds a post is published, and every four something else is changed, each time by another way. 20 posts are due at
known seconds, at which 20 others expire. After each change, and at each of these seconds, pages that show it are asked
for in every process, and all that the readers were answered is judged as well.

How many find their page at hand is no more than a figure: each change drops most popular pages in every process, so
that it is smaller the fewer questions a machine answers from one change to the next.
"""

from __future__ import annotations

import random
import threading
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException
from itertools import count, cycle, islice
from multiprocessing import get_context

from django.db import connection

from comments import verbs
from comments.models import Comment
from posts.models import Post
from posts.pagination import Position

from . import changes, clock, trial
from .looks import POSTS_PER_PAGE, Look, Page, judge
from .magazine import Conversation, History, Site, Spoken, Told
from .readers import Diet, Noted, look, read
from .trial import Line, Server, check

OLD_POSTS = 60
LOOKED_AT = 8
"""Of the pages that show many posts, after each change. All of them would take a busy machine longer than the pace."""
READING_PROCESSES = 2
POPULAR_POSTS = 5
SECONDS_TO_BEGIN = 5
MOST_TOLD = 20
CHOICES = {
    "title": "Magazine 1",
    "comment_policy": "open",
    "comment_rate_per_address": 1000,
    "comment_rate_per_post": 10_000,
    "comment_threads_per_page": 200,
    "posts_per_page": POSTS_PER_PAGE,
}


def main() -> None:
    choices = chosen()
    with trial.site(**CHOICES):
        changes.prepare()
        server = Server()
        try:
            began = time.time()
            trial_ = Trial(furnished(choices.seconds, choices.due), began, choices)
            with clock.watched() as trial_.steps:
                # Once at leisure: a process takes its time over its first pages.
                look_at(server, trial_, trial_.pages)
                notes, made = run(server, trial_)
            report(trial_, notes, made)
            tell_wrong(trial_, notes)
        finally:
            server.stop()
        trial.check_database()


def chosen() -> Namespace:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=int, nargs="?", default=60)
    parser.add_argument("--pace", type=float, default=2.0, help="seconds from one new post to the next")
    parser.add_argument("--comments", type=float, default=0.01, help="share of the questions that are comments")
    parser.add_argument("--due", type=int, default=20, help="posts that come at known seconds, and as many that go")
    return parser.parse_args()


def furnished(seconds: float, due: int) -> Site:
    """A magazine with a past, with posts that will come and posts that will go while the trial runs."""
    day = 86400
    start = time.time()
    posts = [changes.told(round(start - day * (number + 2), 3)) for number in range(OLD_POSTS)]
    for post in posts:
        changes.store(post)
    # The others take as long, on this machine and with all that it does besides.
    begins = int(time.time() + 2 * (time.time() - start)) + SECONDS_TO_BEGIN
    for number in range(due):
        at = float(begins + number * max(seconds - SECONDS_TO_BEGIN, 1) // due)
        # No two posts have one moment, which would leave their order to chance.
        posts.append(changes.told(at + number / 1000))
        posts.append(changes.told(round(start - day - number, 3), unpublish_at=at + number / 1000))
    for post in posts[OLD_POSTS:]:
        changes.store(post)
    time.sleep(max(0, begins - SECONDS_TO_BEGIN - time.time()))
    return Site({post.mark: post for post in posts})


class Trial:
    """What is known, what was seen, and what was wrong with it."""

    def __init__(self, site: Site, began: float, choices: Namespace) -> None:
        self.pace = choices.pace
        self.seconds = choices.seconds
        self.due = choices.due
        self.history = History(site, began)
        self.conversation = Conversation()
        self.looks: list[Look] = []
        self.steps: list[clock.Step] = []
        self.pages = pages_of(site)
        self.diet = diet_of(self.pages, site)._replace(comments=choices.comments)
        self._lock = threading.Lock()

    def note(self, looks: list[Look]) -> None:
        with self._lock:
            self.looks += looks

    def wrong(self) -> list[tuple[str, Look]]:
        """Verdicts, with what was looked at."""
        verdicts = ((judge(look, self.history, self.conversation), look) for look in self.looks)
        return [(verdict, look) for verdict, look in verdicts if verdict]

    def circumstances(self, look: Look) -> str:
        """What happened when an answer was asked for; moments are told in seconds after that."""
        same = sorted(other.sent for other in self.looks if other.page == look.page and other.seen == look.seen)
        steps = [f"by {step.back:.4f} at {step.moment - look.sent:.4f}" for step in self.steps]
        return (
            f"answered after {look.received - look.sent:.4f} s; {len(same)} such answers, asked for from"
            f" {same[0] - look.sent:.4f} to {same[-1] - look.sent:.4f}; {self.history.around(look.sent)};"
            f" clock put back {', '.join(steps) or 'never'}"
        )


def pages_of(site: Site) -> list[Page]:
    """The pages that show all posts, or all of some kind."""
    oldest = site.listed(time.time())[-POSTS_PER_PAGE - 5]
    return [
        Page("/", "home"),
        page_before(oldest),
        Page("/archive/", "archive"),
        Page("/tags/", "tags"),
        Page("/sitemap-posts-0.xml", "sitemap"),
        *(Page(f"/category/{slug}/", "category", slug) for slug in changes.CATEGORIES),
        *(Page(f"/tag/{slug}/", "tag", slug) for slug in changes.TAGS),
        *(Page(f"/author/{slug}/", "author", slug) for slug in changes.AUTHORS),
        *(Page(f"/feed/{form}", "feed") for form in ("", "atom/", "json/")),
        *(Page(f"/category/{slug}/feed/", "feed", slug) for slug in changes.CATEGORIES[:1]),
    ]


def page_before(post: Told) -> Page:
    return Page(f"/?before={Position.of(Post.all_objects.get(slug=post.mark))}", "deep", str(post.publish_at))


def pages_of_post(post: Told) -> list[Page]:
    return [Page(f"/posts/{post.mark}/", "post", post.mark), Page(f"/search/?q={post.mark}", "search", post.mark)]


def diet_of(pages: list[Page], site: Site) -> Diet:
    """Popular are the newest posts that do not expire, and comments are written below such as no change touches."""
    listed = site.listed(time.time())
    lasting = [post for post in listed if post.unpublish_at is None]
    own = [page for post in lasting[:POPULAR_POSTS] for page in pages_of_post(post)]
    rare = [page for post in site.posts.values() for page in pages_of_post(post)]
    rare += [page_before(post) for post in listed[1:]]
    return Diet(pages + own, rare, [post.mark for post in lasting[20:40]])


def run(server: Server, trial_: Trial) -> tuple[list[Noted], Counter[str]]:
    """What readers have seen, and how often each way of changing something was taken."""
    until = time.time() + trial_.seconds
    with ThreadPoolExecutor() as threads, readers(server, trial_.diet, until) as reading:
        watching = threads.submit(watch, server, trial_, until)
        talking = threads.submit(moderate, server, trial_, until)
        made = edit(server, trial_, until)
        watching.result(), talking.result()
        return [each.result() for each in reading], made


@contextmanager
def readers(server: Server, diet: Diet, until: float) -> Iterator[list[Future[Noted]]]:
    """Spawned, not forked: they must not share our connections to the database."""
    with ProcessPoolExecutor(READING_PROCESSES, get_context("spawn")) as processes:
        yield [processes.submit(read, server.port, diet, until) for _ in range(READING_PROCESSES)]


def edit(server: Server, trial_: Trial, until: float) -> Counter[str]:
    """Publish, and every second time change something else as well. How often each way was taken."""
    made: Counter[str] = Counter()
    others = cycle(changes.WAYS)
    for number in count():
        start = time.time()
        if start >= until:
            break
        for way in [changes.publish, *islice(others, number % 2)]:
            change(server, trial_, way)
            made[way.__name__] += 1
        time.sleep(max(0, start + trial_.pace - time.time()))
    return made


def change(server: Server, trial_: Trial, way: Callable[[Site], changes.Change]) -> None:
    """Change something in this way, and look everywhere at once."""
    before, start = trial_.history.site.posts, time.time()
    do, site = way(trial_.history.site)
    do()
    trial_.history.add(start, time.time(), site, way.__name__)
    look_everywhere(server, trial_, [post for mark, post in site.posts.items() if before.get(mark) is not post])


def watch(server: Server, trial_: Trial, until: float) -> None:
    """Look everywhere at each second at which time alone changes something."""
    site = trial_.history.site
    for moment in sorted(
        moment for post in site.posts.values() for moment in (post.publish_at, post.unpublish_at or 0)
    ):
        if time.time() < moment < until:
            time.sleep(max(0, moment - time.time()))
            due = [post for post in site.posts.values() if moment in (post.publish_at, post.unpublish_at)]
            look_everywhere(server, trial_, due)


def look_everywhere(server: Server, trial_: Trial, posts: list[Told]) -> None:
    """Look at the pages of these posts, and at some of those that may show them; readers look at all."""
    own = [page for post in posts for page in pages_of_post(post)]
    look_at(server, trial_, [*own, *random.sample(trial_.pages, LOOKED_AT)])


def look_at(server: Server, trial_: Trial, pages: list[Page]) -> None:
    """Ask every process for these pages, all processes at once."""

    def ask(line: Line) -> list[Look]:
        return [look(line, page) for page in random.sample(pages, len(pages))]

    looks = None
    while looks is None:
        # The server closes a line that has waited for ten seconds until all are open.
        with suppress(HTTPException), server.lines() as lines:
            looks = trial.at_once(ask, lines, threads=len(lines))
    for some in looks:
        trial_.note(some)


def moderate(server: Server, trial_: Trial, until: float) -> None:
    """Take comments away and bring others, and look for them below their post in every process, where there are any."""
    try:
        if trial_.diet.comments:
            keep_moderating(server, trial_, until)
    finally:
        # This thread's own; a database with a connection cannot be dropped.
        connection.close()


def keep_moderating(server: Server, trial_: Trial, until: float) -> None:
    while time.time() < until:
        post = random.choice(trial_.diet.discussed)
        mark = f"c{random.getrandbits(32):08x}"
        row = Post.all_objects.get(slug=post)
        began = time.time()
        comment = Comment.objects.create(post=row, body=f"I say {mark}.", author_name="Eve", status="approved")
        spoken = Spoken(post, began, time.time())
        trial_.conversation.add(mark, spoken)
        look_at(server, trial_, [Page(f"/posts/{post}/", "post", post)])
        going = time.time()
        random.choice([verbs.hold, verbs.mark_as_spam, verbs.trash])(Comment.all_objects.filter(pk=comment.pk))
        trial_.conversation.add(mark, spoken._replace(going=going, gone=time.time()))
        look_at(server, trial_, [Page(f"/posts/{post}/", "post", post)])
        time.sleep(trial_.pace)


def report(trial_: Trial, notes: list[Noted], made: Counter[str]) -> None:
    checked = len(trial_.looks)
    for note in notes:
        trial_.note(note.looks)
        for mark, comment in note.comments.items():
            trial_.conversation.add(mark, comment)
    print(f"{len(trial_.looks) - checked} answers to readers, {checked} to the checker")
    tell_shares(notes, trial_.diet)
    slowest = max(trial_.looks, key=lambda look: look.received - look.sent)
    print(f"The slowest, {slowest.page.address}, took {slowest.received - slowest.sent:.2f} s")
    print(f"{made.total()} changes: {dict(made)}; and {2 * trial_.due} posts at their seconds")


def tell_wrong(trial_: Trial, notes: list[Noted]) -> None:
    failures = [failure for note in notes for failure in note.failures]
    wrong = trial_.wrong()
    print(f"The clock was put back {len(trial_.steps)} times")
    for failure in failures[:MOST_TOLD]:
        print(failure)
    for verdict, seen in wrong[:MOST_TOLD]:
        print(f"{verdict}; {trial_.circumstances(seen)}")
    check(not failures, "every comment was taken in")
    leaks = sum(verdict.startswith("leak") for verdict, _ in wrong)
    check(not wrong, f"{len(wrong) - leaks} answers were stale, and {leaks} leaked")


def tell_shares(notes: list[Noted], diet: Diet) -> None:
    """Of all questions of readers: how they were answered, and how many pages of each sort were at hand."""
    looks = [look for note in notes for look in note.looks]
    answers = Counter(look.cache or "none" for look in looks)
    answers["comment"] = sum(len(note.comments) for note in notes)
    print(", ".join(f"{name} {number / answers.total():.1%}" for name, number in answers.most_common()))
    popular = set(diet.popular)
    asked = Counter((look.page in popular, look.cache == "hit") for look in looks)
    for is_popular, name in {True: "popular", False: "other"}.items():
        at_hand, pages = asked[is_popular, True], asked[is_popular, True] + asked[is_popular, False]
        print(f"{pages / answers.total():.1%} for {name} pages, of which {at_hand / max(pages, 1):.1%} were at hand")


if __name__ == "__main__":
    main()
