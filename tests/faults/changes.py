"""Every way in which something on a magazine may change, each with the site that it leads to.

A way takes the site as it is and gives what is to be done with what will be true then; it does nothing itself.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from posts.models import Author, Category, MenuItem, Post, SiteSettings

from . import trial
from .magazine import Site, Told

type Change = tuple[Callable[[], object], Site]

CATEGORIES = ["harbour", "kitchen", "garden"]
TAGS = ["ropes", "bread", "seeds"]
AUTHORS = ["ann", "ben"]

RAW_SQL = """
import sys
url, statement, value, mark = sys.argv[1:]
if url.startswith("sqlite"):
    import sqlite3
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
    statement = statement.replace("%s", "?")
else:
    import psycopg
    connection = psycopg.connect(url)
connection.execute(statement, (value, mark))
connection.commit()
"""


def told(publish_at: float, **choices: object) -> Told:
    """A post of which nothing is stored yet, with a mark that is found nowhere else."""
    fields = {
        "category": random.choice(CATEGORIES),
        "tag": random.choice(TAGS),
        "author": random.choice(AUTHORS),
        **choices,
    }
    return Told(f"m{random.getrandbits(32):08x}", publish_at, **fields)  # type: ignore[arg-type]  # as the caller has it


def store(post: Told) -> None:
    row = Post.objects.create(
        title=post.title,
        slug=post.mark,
        body="A paragraph to read.\n\n" * 12,
        status=Post.Status.PUBLISHED,
        publish_at=moment(post.publish_at),
        unpublish_at=moment(post.unpublish_at) if post.unpublish_at else None,
        visibility=post.visibility,
        author=Author.objects.get(slug=post.author),
    )
    row.categories.set(Category.objects.filter(slug=post.category))
    row.tags.set([post.tag])


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def prepare() -> None:
    """What posts belong to, the frame of the pages, and somebody who moderates."""
    for slug in CATEGORIES:
        Category.objects.create(name=slug, slug=slug)
    for slug in AUTHORS:
        Author.objects.create(display_name=slug, slug=slug)
    MenuItem.objects.create(label="Menu 1", address="/archive/")
    get_user_model().objects.create_superuser("moderator", "moderator@example.org", "a long password")


def any_listed(site: Site) -> Told:
    """Among the newest or the oldest, so that pages at both ends change."""
    posts = [post for post in site.listed(time.time()) if post.unpublish_at is None]
    return random.choice([*posts[:8], *posts[-8:]])


def publish(site: Site) -> Change:
    post = told(time.time())
    return lambda: store_at_once(post), site.having(post)


def store_at_once(post: Told) -> None:
    """In one transaction, as the desk does it: a post is never seen without its category."""
    with transaction.atomic():
        store(post)


def save(site: Site) -> Change:
    post = any_listed(site)
    changed = replace(post, version=post.version + 1)

    def do() -> None:
        row = Post.objects.get(slug=post.mark)
        row.title = changed.title
        row.save()

    return do, site.having(changed)


def update_in_bulk(site: Site) -> Change:
    """Two posts in one statement: no list shows them any more."""
    first, second = any_listed(site), any_listed(site)
    changed = {post.mark: replace(post, visibility="unlisted") for post in (first, second)}
    return (
        lambda: Post.objects.filter(slug__in=list(changed)).update(visibility="unlisted"),
        site.having(*changed.values()),
    )


def list_again(site: Site) -> Change:
    hidden = [post for post in site.posts.values() if post.visibility != "public"]
    changed = [replace(post, visibility="public") for post in hidden]
    marks = [post.mark for post in hidden]
    return lambda: Post.objects.filter(slug__in=marks).update(visibility="public"), site.having(*changed)


def hide_by_raw_sql(site: Site) -> Change:
    """From a process that knows nothing of Django."""
    post = any_listed(site)
    statement = "UPDATE posts_post SET visibility = %s WHERE slug = %s"
    command = [sys.executable, "-c", RAW_SQL, trial.database_url(), statement, "private", post.mark]
    return lambda: subprocess.run(command, check=True), site.having(replace(post, visibility="private"))


def trash(site: Site) -> Change:
    post = any_listed(site)
    return lambda: Post.objects.filter(slug=post.mark).delete(), site.having(replace(post, is_trashed=True))


def restore(site: Site) -> Change:
    trashed = [post for post in site.posts.values() if post.is_trashed]
    if not trashed:
        return save(site)
    post = random.choice(trashed)
    return lambda: Post.trash.get(slug=post.mark).restore(), site.having(replace(post, is_trashed=False))


def postpone(site: Site) -> Change:
    """To tomorrow, which takes it away."""
    post = any_listed(site)
    changed = replace(post, publish_at=round(time.time() + 86400 + random.random(), 3))
    return (
        lambda: Post.objects.filter(slug=post.mark).update(publish_at=moment(changed.publish_at)),
        site.having(changed),
    )


def end(site: Site) -> Change:
    post = any_listed(site)
    changed = replace(post, unpublish_at=round(time.time(), 3))
    return lambda: Post.objects.filter(slug=post.mark).update(unpublish_at=moment(changed.unpublish_at)), site.having(
        changed
    )


def move(site: Site) -> Change:
    """To another category: two rows of a table between the tables."""
    post = any_listed(site)
    changed = replace(post, category=random.choice(CATEGORIES))
    return lambda: Post.objects.get(slug=post.mark).categories.set(
        Category.objects.filter(slug=changed.category)
    ), site.having(changed)


def tag(site: Site) -> Change:
    post = any_listed(site)
    changed = replace(post, tag=random.choice(TAGS))

    def do() -> None:
        # One tag goes and another one comes: else the pages show for a moment that it has none.
        with transaction.atomic():
            Post.objects.get(slug=post.mark).tags.set([changed.tag])

    return do, site.having(changed)


def entitle(site: Site) -> Change:
    title = site.title + 1
    return lambda: SiteSettings.objects.filter(pk=1).update(title=f"Magazine {title}"), replace(site, title=title)


def relabel(site: Site) -> Change:
    menu = site.menu + 1

    def do() -> None:
        item = MenuItem.objects.get()
        item.label = f"Menu {menu}"
        item.save()

    return do, replace(site, menu=menu)


WAYS: list[Callable[[Site], Change]] = [
    save,
    update_in_bulk,
    entitle,
    hide_by_raw_sql,
    list_again,
    trash,
    relabel,
    move,
    restore,
    tag,
    end,
    postpone,
]
"""Besides that of a new post."""
