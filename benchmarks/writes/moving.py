"""Moving in: a folder of made-up Markdown, imported into an empty database."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from posts.importers.markdown import MarkdownImport, Options
from posts.models import Post

from ..language import Language
from ..seed.texts import TEXTS, texts
from .costs import Costs

STEP = 1_000
TAGS = 5


def files(number: int, language: Language, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Names and texts, a post for every day, with five tags, two categories and an old address each."""
    bodies = [text.columns["body"] for text in texts(language, chance, min(number, TEXTS))]
    for index in range(number):
        head = {
            "title": f"{language.text(5)} {index}",
            "date": str(date(2026, 1, 1) - timedelta(days=index)),
            "authors": [f"Author {index % 20}"],
            "categories": [f"Category {index % 15}", f"Category {index % 7}"],
            "tags": sorted(set(language.some(TAGS))),
            "aliases": [f"/old/{index}.html"],
        }
        yield f"{index}.md", f"---\n{json.dumps(head)}\n---\n\n{bodies[index % len(bodies)]}\n"


class Counting:
    """Marks what was spent, and asked, after each thousand posts."""

    def __init__(self) -> None:
        self.costs = Costs()
        self.queries = 0
        self.marks: list[float] = []

    def __call__(self, done: int, _total: int) -> None:
        if done % STEP == 0:
            self.marks.append(self.costs.spent())

    def count(self, execute: Any, *statement: Any) -> Any:
        self.queries += 1
        return execute(*statement)


def rendering(costs: Costs) -> float:
    """Milliseconds that it takes to render a post, the median of those that were imported."""
    posts = list(Post.objects.order_by("pk")[:STEP])
    before = costs.spent()
    for post in posts:
        post.render()
    return 1000 * (costs.spent() - before) / len(posts)


def moving_in(number: int) -> dict[str, float]:
    counting = Counting()
    with tempfile.TemporaryDirectory(prefix="blogsite-moving-") as folder:
        chance = random.Random(21)  # noqa: S311 -- made-up texts are no secret
        for name, text in files(number, Language(chance), chance):
            Path(folder, name).write_text(text, encoding="utf-8")
        before = counting.costs.spent()
        with connection.execute_wrapper(counting.count):
            report = MarkdownImport(Path(folder), Options(source="old")).run(counting)
        whole = counting.costs.spent() - before
    if report.counts != {"created": number}:
        sys.exit(f"Imported: {report.counts}.")
    marks = counting.marks
    return {
        f"import {number:,} posts, seconds": whole,
        "a post, in queries": counting.queries / number,
        "a post, in ms": 1000 * whole / number,
        f"a post of the first {STEP:,}, in ms": 1000 * (marks[1] - marks[0]) / STEP,
        f"a post of the last {STEP:,}, in ms": 1000 * (marks[-1] - marks[-2]) / STEP,
        "to render a post alone, in ms": rendering(counting.costs),
    }


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("createsuperuser", username="chief", email="chief@example.org", interactive=False, verbosity=0)
    print(json.dumps(moving_in(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
