import asyncio
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from blogsite import freshness
from blogsite.caching import NAMES, name_around
from blogsite.freshness import Turned
from posts.generation import SURROUNDINGS
from posts.state import from_rows


class Command(BaseCommand):
    help = "Print what has changed since the last call, as a CDN knows it, one name a line (CDN_KEYS)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where it is kept up to what has been told")

    def handle(self, *, file: Path, **options: Any) -> None:
        found: list[Turned] = []
        fresh = freshness.make(found.append)
        if file.exists():
            told = json.loads(file.read_text())
            fresh.state, fresh.due = from_rows(told["state"]), told["due"]
        asyncio.run(fresh.look())
        for turned in found:
            self.stdout.writelines(f"{name}\n" for name in names(turned))
        self.stdout.flush()
        # Afterwards: what could not be told is told again.
        file.write_text(json.dumps({"state": fresh.state, "due": fresh.due}))
        fresh.close()


def names(turned: Turned) -> list[str]:
    """The names that answers bear which show what has turned; all of them if that is around too many posts to tell."""
    if turned.posts is None:
        return list(NAMES.values())
    around = turned.posts if SURROUNDINGS in turned.counters else ()
    return [NAMES[counter] for counter in sorted(turned.counters)] + [name_around(post) for post in sorted(around)]
