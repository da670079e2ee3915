"""Pages of the magazine, what each must show, and what an answer does show."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .magazine import Conversation, History, Site, Told

POSTS_PER_PAGE = 10
FEED_LENGTH = 20

MARK = re.compile(r"m[0-9a-f]{8}(?![0-9a-f])")
COMMENT = re.compile(r"c[0-9a-f]{8}(?![0-9a-f])")
TITLE = re.compile(r"(m[0-9a-f]{8}) v(\d+)")
LINK = re.compile(r"/posts/(m[0-9a-f]{8})/[\"<]")
HEADING = re.compile(r"<h2[^>]*><a href=\"/posts/m[0-9a-f]{8}/\">(m[0-9a-f]{8}) v(\d+)<")
OWN_HEADING = re.compile(r"<h1[^>]*>\s*(m[0-9a-f]{8}) v(\d+)")
NUMBER = re.compile(r'<p class="mark"><b>(\d+)</b>')
TAG = re.compile(r'<a href="/tag/(\w+)/">\w+</a> <span class="count"><span[^>]*>posts:</span> (\d+)<')
SITE = re.compile(r'class="site-title"><a [^>]*>Magazine (\d+)</a>')
MENU = re.compile(r'<a href="/archive/"[^>]*>Menu (\d+)</a>')

type Items = tuple[tuple[str, ...], ...]


class Seen(NamedTuple):
    """What a page shows: titles in their order, say, and a count of posts; the versions of what frames it."""

    status: int
    items: Items = ()
    number: int | None = None
    frame: tuple[int, int] | None = None


class Look(NamedTuple):
    """An answer, asked for at the moment `sent` and there at `received`, in seconds of the epoch."""

    page: Page
    sent: float
    received: float
    seen: Seen
    marks: frozenset[str]
    comments: frozenset[str]
    cache: str


@dataclass(frozen=True)
class Page:
    """An address with what it must show; `kind` names one of KINDS, and `subject` what it is a page of."""

    address: str
    kind: str
    subject: str = ""

    def look(self, sent: float, received: float, status: int, body: str, cache: str) -> Look:
        seen = KINDS[self.kind].seen(status, body)
        return Look(self, sent, received, seen, frozenset(MARK.findall(body)), frozenset(COMMENT.findall(body)), cache)

    @lru_cache(maxsize=10_000)  # noqa: B019 -- pages live as long as the trial
    def expected(self, site: Site, at: float) -> Seen:
        kind = KINDS[self.kind]
        seen = kind.expected(site, at, self.subject)
        return seen._replace(frame=(site.title, site.menu)) if kind.is_framed else seen


@dataclass(frozen=True)
class Kind:
    items: Callable[[str], Items]
    expected: Callable[[Site, float, str], Seen]
    is_framed: bool = True
    has_number: bool = False

    def seen(self, status: int, body: str) -> Seen:
        number = NUMBER.search(body) if self.has_number and status == 200 else None
        frame = None
        if self.is_framed:
            title, menu = SITE.search(body), MENU.search(body)
            frame = (int(title[1]), int(menu[1])) if title and menu else (0, 0)
        return Seen(status, self.items(body) if status == 200 else (), int(number[1]) if number else None, frame)


def by_title(pattern: re.Pattern[str]) -> Callable[[str], Items]:
    return lambda body: tuple(dict.fromkeys(pattern.findall(body)))


def by_link(body: str) -> Items:
    return tuple((mark,) for mark in sorted(set(LINK.findall(body))))


def titles(posts: list[Told]) -> Items:
    return tuple((post.mark, str(post.version)) for post in posts)


def home(site: Site, at: float, subject: str) -> Seen:
    return Seen(200, titles(site.listed(at)[:POSTS_PER_PAGE]))


def deep(site: Site, at: float, subject: str) -> Seen:
    """The page of what is older than that moment, where a post stood that may have gone to another one since."""
    end = float(subject)
    return Seen(200, titles([post for post in site.listed(at) if post.publish_at < end][:POSTS_PER_PAGE]))


def of_subject(attribute: str, *, may_be_empty: bool = False) -> Callable[[Site, float, str], Seen]:
    def expected(site: Site, at: float, subject: str) -> Seen:
        posts = [post for post in site.listed(at) if getattr(post, attribute) == subject]
        if not posts and not may_be_empty:
            return Seen(404)
        return Seen(200, titles(posts[:POSTS_PER_PAGE]), len(posts))

    return expected


def post(site: Site, at: float, subject: str) -> Seen:
    told = site.posts[subject]
    return Seen(200, titles([told])) if told.is_readable(at) else Seen(404)


def feed(site: Site, at: float, subject: str) -> Seen:
    posts = [post for post in site.listed(at) if subject in ("", post.category)]
    return Seen(200, titles(posts[:FEED_LENGTH]))


def archive(site: Site, at: float, subject: str) -> Seen:
    return Seen(200, (), len(site.listed(at)))


def tags(site: Site, at: float, subject: str) -> Seen:
    used = [post.tag for post in site.listed(at)]
    return Seen(200, tuple((tag, str(used.count(tag))) for tag in sorted(set(used))))


def sitemap(site: Site, at: float, subject: str) -> Seen:
    return Seen(200, tuple((mark,) for mark in sorted(post.mark for post in site.listed(at))))


def found(site: Site, at: float, subject: str) -> Seen:
    """A search for the mark, which the title of one post has."""
    is_found = site.posts[subject].is_listed(at)
    return Seen(200, ((subject,),) if is_found else (), int(is_found))


KINDS = {
    "home": Kind(by_title(HEADING), home),
    "deep": Kind(by_title(HEADING), deep),
    "category": Kind(by_title(HEADING), of_subject("category", may_be_empty=True), has_number=True),
    "tag": Kind(by_title(HEADING), of_subject("tag"), has_number=True),
    "author": Kind(by_title(HEADING), of_subject("author"), has_number=True),
    "post": Kind(by_title(OWN_HEADING), post),
    "feed": Kind(by_title(TITLE), feed, is_framed=False),
    "archive": Kind(lambda body: (), archive, has_number=True),
    "tags": Kind(lambda body: tuple(TAG.findall(body)), tags),
    "sitemap": Kind(by_link, sitemap, is_framed=False),
    "search": Kind(by_link, found, has_number=True),
}


def judge(look: Look, history: History, conversation: Conversation) -> str:
    """ "" for an answer that is right; else what is wrong with it, beginning with "leak" where something was hidden."""
    since, until, page = look.sent, look.received, look.page
    possible = list(history.possible(since, until))
    secrets = frozenset.intersection(*(site.secrets(at) for site, at in possible))
    # A page names itself, and a search repeats its question.
    if leaked := look.marks & secrets - {page.subject}:
        return f"leak: {page.address} names {', '.join(sorted(leaked))}"
    if said := conversation.hidden(look.comments, since, until):
        return f"leak: {page.address} has the comments {', '.join(sorted(said))}"
    expected = [page.expected(site, at) for site, at in possible]
    # Each part by itself: a page is made by several queries, and a commit may come between them.
    if wrong := [
        name for name, *parts in zip(Seen._fields, look.seen, *expected, strict=True) if parts[0] not in parts[1:]
    ]:
        was_hidden = look.seen.status == 200 and all(seen.status == 404 for seen in expected)
        kind = "leak" if was_hidden else "stale"
        told = difference(look.seen, expected[-1])
        return f"{kind}, {'/'.join(wrong)}: {page.address} ({look.cache}) {told}"
    if page.kind != "post" or look.seen.status != 200:
        return ""
    lacking = conversation.surely(page.subject, since, until) - look.comments
    return f"stale: {page.address} lacks the comments {', '.join(sorted(lacking))}" if lacking else ""


def difference(seen: Seen, expected: Seen) -> str:
    """Both as they are, but for the items that are in both, unless only their order differs."""
    lacking = [item for item in expected.items if item not in seen.items]
    more = [item for item in seen.items if item not in expected.items]
    if not lacking and not more:
        return f"shows {seen}, not {expected}"
    return f"shows {seen._replace(items=tuple(more))}, not {expected._replace(items=tuple(lacking))}"
