"""Readers read and write while moderators work: what was taken away appears nowhere from the moment that it was."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from http.client import HTTPException

from comments import verbs
from comments.discussion import address_of
from comments.managers import CommentQuerySet
from comments.models import Comment
from posts.models import Post, SiteSettings
from tests.factories import make_comment, make_post

from . import trial
from .trial import Server, check

CHANGES = 60
READERS = 4


def main() -> None:
    rates = {"comment_rate_per_address": 1000, "comment_rate_per_post": 10_000}
    with trial.site(comment_policy="open", comment_threads_per_page=4, **rates):
        posts = [make_post(f"Post {number}", slug=f"post-{number}") for number in range(2)]
        comments = [told(post, number) for post in posts for number in range(6)]
        comments += [told(top.post, number, parent=top) for number, top in enumerate(comments)]
        server = Server()
        stop = threading.Event()
        readers = [threading.Thread(target=keep_reading, args=[server, posts, comments, stop]) for _ in range(READERS)]
        try:
            for reader in readers:
                reader.start()
            looked = sum(hide_and_seek(server, comments) for _ in range(CHANGES))
        finally:
            stop.set()
            for reader in readers:
                reader.join()
            server.stop()
        check(looked > 0, f"{CHANGES} changes, {looked} answers: what was hidden was in none of them, and came back")
        trial.check_database()


def told(post: Post, number: int, parent: Comment | None = None) -> Comment:
    """A comment whose words and writer are found nowhere else."""
    mark = f"m{random.getrandbits(48):012x}"
    return make_comment(post, f"Words {mark}.", author_name=f"Writer {mark}", parent=parent)


def mark_of(comment: Comment) -> str:
    return comment.body.removeprefix("Words ").removesuffix(".")


def public_addresses(comment: Comment) -> list[str]:
    page = comment.post.get_absolute_url()
    top = comment.thread_id or comment.pk
    return [page, f"{page}comments/", f"{page}comments/{top}/thread/", f"{page}comments/feed/", "/comments/feed/", "/"]


def hide_and_seek(server: Server, comments: list[Comment]) -> int:
    """Take a comment away, look for it everywhere, and bring it back. How many answers were looked at."""
    comment = random.choice(comments)
    permalink = address_of(comment, SiteSettings.load()).partition("#")[0]
    addresses = [*public_addresses(comment), permalink]
    seen = {address: server.ask(address).headers.get("etag", "") for address in addresses}
    hide, show = random.choice(WAYS)
    hide(comment)
    for address, etag in seen.items():
        for headers in ({}, {"If-None-Match": etag}):
            answer = server.ask(address, **headers)
            if mark_of(comment) in answer.body:
                check(False, f"{address} still showed a comment after {hide.__name__}")
            if answer.status == 304 and mark_of(comment) in server.ask(address).body:
                check(False, f"{address} said that nothing had changed after {hide.__name__}")
            if answer.status >= 500:
                check(False, f"{address} answered {answer.status}")
    if server.ask(f"{comment.post.get_absolute_url()}comments/{comment.pk}/").status != 404:
        check(False, f"the permalink of a comment did not answer 404 after {hide.__name__}")
    show(comment)
    if mark_of(comment) not in server.ask(permalink).body:
        check(False, f"the comment did not come back after {show.__name__}")
    return 2 * len(seen) + 2


def one(comment: Comment) -> CommentQuerySet:
    return Comment.all_objects.filter(pk=comment.pk)


def hold(comment: Comment) -> None:
    verbs.hold(one(comment))


def mark_as_spam(comment: Comment) -> None:
    verbs.mark_as_spam(one(comment))


def approve(comment: Comment) -> None:
    verbs.approve(one(comment))


def trash(comment: Comment) -> None:
    verbs.trash(one(comment))


def restore(comment: Comment) -> None:
    verbs.restore(one(comment))


def trash_post(comment: Comment) -> None:
    Post.objects.filter(pk=comment.post_id).delete()


def restore_post(comment: Comment) -> None:
    Post.trash.get(pk=comment.post_id).restore()


def make_private(comment: Comment) -> None:
    Post.objects.filter(pk=comment.post_id).update(visibility="private")


def make_public(comment: Comment) -> None:
    Post.objects.filter(pk=comment.post_id).update(visibility="public")


WAYS: list[tuple[Callable[[Comment], None], Callable[[Comment], None]]] = [
    (hold, approve),
    (mark_as_spam, approve),
    (trash, restore),
    (trash_post, restore_post),
    (make_private, make_public),
]


def keep_reading(server: Server, posts: list[Post], comments: list[Comment], stop: threading.Event) -> None:
    """Fill whatever might keep an old page; now and then write something."""
    number = 0
    while not stop.is_set():
        number += 1
        try:
            server.ask(random.choice(public_addresses(random.choice(comments))))
            if number % 10 == 0:
                server.write(random.choice(posts), f"Number {number} of {threading.get_ident()}.", "198.51.100.7")
        except (OSError, HTTPException):
            time.sleep(0.1)


if __name__ == "__main__":
    main()
