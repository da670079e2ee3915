"""Changes of a seeded site by requests: for each its queries, and its milliseconds of a processor."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from statistics import median
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment
from posts.models import Category, Post, Tag

from .costs import Costs

ROUNDS = 20
WORDS = "I baked it *twice*, and the second loaf was better than the first. "

type Change = Callable[[int], int]
"""Makes a change, the n-th of its kind, and returns the status of the answer."""


class Changes:
    def __init__(self) -> None:
        self.costs = Costs()
        self.tags = ", ".join(Tag.objects.order_by("pk").values_list("name", flat=True)[:5])
        self.categories = list(Category.objects.order_by("pk").values_list("pk", flat=True)[:2])
        self.post = Post.published.listed().latest("pk")

    def form(self, number: int, **more: Any) -> dict[str, Any]:
        form = {"title": f"On bread {number}", "body": WORDS * 40, "tags": self.tags, "categories": self.categories}
        return {**form, "visibility": "public", "in_feeds": "on", "author": self.post.author_id, **more}

    def publish(self, number: int) -> int:
        form = self.form(number, _publish="")
        return self.costs.chief.post("/admin/posts/post/add/", form).status_code

    def edit(self, number: int) -> int:
        post = Post.objects.latest("pk")
        moment = f"{timezone.localtime(post.publish_at):%Y-%m-%dT%H:%M}"
        form = self.form(number, slug=post.slug, version=post.version, publish_at=moment, _save="")
        return self.costs.chief.post(f"/admin/posts/post/{post.pk}/change/", form).status_code

    def comment(self, number: int) -> int:
        form = {"body": f"{WORDS}{number}", "author_name": f"Ada {number}", "email": f"ada{number}@example.org"}
        address = f"{self.post.get_absolute_url()}comments/write/"
        return self.costs.reader.post(address, form, REMOTE_ADDR=f"192.0.2.{number + 1}").status_code

    def approve(self, how_many: int) -> int:
        waiting = [comment.pk for comment in Comment.objects.pending().order_by("-pk")[:how_many]]
        form = {"action": "approve", "_selected_action": waiting}
        return self.costs.chief.post("/admin/comments/comment/", form).status_code

    @staticmethod
    def hold(how_many: int) -> None:
        """So many comments that wait, each below a post of its own as far as there are enough."""
        posts = list(Post.published.listed().order_by("-pk")[:how_many])
        Comment.objects.bulk_create(
            Comment(post=post, author_name="Ben", email="ben@example.org", body=f"{WORDS}{post.pk}", status="pending")
            for post in posts
        )

    def cost(self, change: Change, rounds: int = ROUNDS) -> tuple[int, float]:
        with CaptureQueriesContext(connection) as captured:
            status = change(0)
            queries = len(captured)
        if status != 302:
            sys.exit(f"{change.__name__} was answered with {status}.")
        times = []
        for number in range(1, rounds + 1):
            before = self.costs.spent()
            change(number)
            times.append(self.costs.spent() - before)
        # The server tells its time in hundredths of a second.
        return queries, 1000 * (sum(times) / rounds if self.costs.backend else median(times))

    def all(self) -> dict[str, tuple[int, float]]:
        found = {"publish a post": self.cost(self.publish), "edit it": self.cost(self.edit)}
        found["post a comment"] = self.cost(self.comment)
        for how_many, rounds in ((1, ROUNDS), (100, 5)):
            self.hold((rounds + 1) * how_many)
            found[f"approve {how_many}"] = self.cost(self.approving(how_many), rounds)
        return found

    def approving(self, how_many: int) -> Change:
        def approve(_number: int) -> int:
            return self.approve(how_many)

        return approve


if __name__ == "__main__":
    print(json.dumps(Changes().all()))
