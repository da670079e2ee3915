import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Model
from django.utils import timezone
from django.utils.text import capfirst

from comments import upkeep
from posts.managers import TrashQuerySet
from posts.models import Author, Category, Page, Post, Series, Tag
from posts.progress import INTERRUPTED

# Authors last: one with posts, in the trash or not, cannot go before them.
MODELS: list[type[Model]] = [Post, Page, Series, Tag, Category, Author]


class Command(BaseCommand):
    help = (
        "Delete for good what has been in the trash for a month. A comment that others have answered is emptied "
        "instead, and keeps its place. It may be interrupted, and run again, at any moment."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=days,
            default=upkeep.TRASH_LASTS.days,
            help="how long things stay in the trash (default: %(default)s)",
        )
        parser.add_argument("--dry-run", action="store_true", help="tell what would go, and delete nothing")

    def handle(self, *, days: int, dry_run: bool, **options: Any) -> None:
        before = timezone.now() - timedelta(days=days)
        if dry_run:
            self.stdout.write("A dry run: nothing was deleted. Without --dry-run it would be:")
        try:
            self.purge_comments(before, dry_run)
            for model in MODELS:
                self.purge_rows(model, before, dry_run)
        except KeyboardInterrupt:
            self.stderr.write("\nInterrupted. What is deleted is deleted; run the same command again for the rest.")
            sys.exit(INTERRUPTED)

    def purge_comments(self, before: datetime, dry_run: bool) -> None:
        if dry_run:
            going = upkeep.trashed(before)
            results = iter([(going.filter(stands=False).count(), going.standing().count())])
        else:
            results = upkeep.empty_trash(before)
        purged = emptied = 0
        try:
            for gone, kept in results:
                purged, emptied = purged + gone, emptied + kept
        finally:
            self.stdout.write(f"Comments: {purged} deleted, {emptied} emptied.")

    def purge_rows(self, model: type[Model], before: datetime, dry_run: bool) -> None:
        going = trashed(model, before)
        results = iter([going.count()]) if dry_run else purge(going)
        purged = 0
        try:
            for gone in results:
                purged += gone
        finally:
            self.stdout.write(f"{capfirst(str(model._meta.verbose_name_plural))}: {purged} deleted.")


def days(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number of days.")
    return int(text)


def trashed(model: type[Model], before: datetime) -> TrashQuerySet[Any]:
    rows = model.trash.filter(deleted_at__lt=before)  # type: ignore[attr-defined]  # each of MODELS has one
    return rows.filter(posts=None, co_written=None) if model is Author else rows


def purge(rows: TrashQuerySet[Any]) -> Iterator[int]:
    """Delete the rows for good, with what belongs to them; how many, one by one: a post may have many comments.

    Whatever someone has restored meanwhile stays.
    """
    label = rows.model._meta.label
    return (rows.filter(pk=pk).purge()[1].get(label, 0) for pks in upkeep.batches(rows) for pk in pks)
