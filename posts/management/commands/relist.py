import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from posts import lists


class Command(BaseCommand):
    help = (
        "Fill the lists of posts (home, categories, tags, authors, series) and their numbers anew, as after a change "
        "of the database past its triggers. Also takes what has expired out of them: once a day is enough."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--check", action="store_true", help="change nothing; tell what is wrong, and fail if so")
        which.add_argument("--expired", action="store_true", help="only take out what has expired")

    def handle(self, *, check: bool, expired: bool, **options: Any) -> None:
        if check:
            self.check_lists()
            return
        if not expired:
            lists.rebuild()
            self.stdout.write("Filled all lists.")
        self.stdout.write(f"Expired: {lists.forget_expired()} places forgotten.")

    def check_lists(self) -> None:
        found = lists.differences()
        if not any(found):
            self.stdout.write("All lists are what they should be.")
            return
        self.stdout.write(
            f"Places: {found.missing} missing, {found.surplus} too many. Wrong numbers: {found.tallies}. "
            f"Wrong ways between categories: {found.ways}. Without --check, this command mends them."
        )
        sys.exit(1)
