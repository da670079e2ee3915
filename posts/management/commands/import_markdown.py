import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from posts.importers.entry import Rules
from posts.importers.markdown import MarkdownImport, Options
from posts.middleware import activated
from posts.models import SiteSettings
from posts.progress import INTERRUPTED, Progress

REMARKS_SHOWN = 10


class Command(BaseCommand):
    help = "Import the posts of a static site: Markdown files with TOML or YAML front matter, and their pictures."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder of the posts, such as ~/old-site/content")
        parser.add_argument("--dry-run", action="store_true", help="report what would be done, and write nothing")
        parser.add_argument("--overwrite", action="store_true", help="let a changed file replace what was edited here")
        parser.add_argument("--source", help="a name that tells this folder from others (default: the folder's name)")
        parser.add_argument(
            "--base-url", type=origin, help="where the old site is: links that lead to no post go there"
        )
        parser.add_argument("--author", default="", help="the author of posts that name none")
        parser.add_argument("--category", default="", help="the category of posts that name none")
        parser.add_argument(
            "--category-when",
            type=condition,
            action="append",
            default=[],
            metavar="FIELD=CATEGORY",
            help="a category for posts in which a field is true, such as 'extra.release=Releases' (may be repeated)",
        )
        parser.add_argument(
            "--tags-from",
            action="append",
            default=[],
            metavar="FIELD",
            help="a field whose value becomes a tag, such as extra.team (may be repeated)",
        )

    def handle(self, *, folder: Path, dry_run: bool, verbosity: int, **options: Any) -> None:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        rules = Rules(
            author=options["author"],
            category=options["category"],
            category_when=tuple(options["category_when"]),
            tags_from=tuple(options["tags_from"]),
        )
        importing = MarkdownImport(
            folder,
            Options(
                source=options["source"] or folder.resolve().name,
                rules=rules,
                base_url=options["base_url"] or "",
                overwrite=options["overwrite"],
                rehearsal=dry_run,
            ),
        )
        try:
            with activated(SiteSettings.load()):
                importing.run(Progress(self.stderr).show)
        except KeyboardInterrupt:
            self.report(importing, dry_run, verbosity)
            self.stderr.write("\nInterrupted. What is counted above is complete; run the same command again to go on.")
            sys.exit(INTERRUPTED)
        self.report(importing, dry_run, verbosity)

    def report(self, importing: MarkdownImport, dry_run: bool, verbosity: int) -> None:
        if dry_run:
            self.stdout.write("A dry run: nothing was written. Without --dry-run it would be:")
        for line in importing.report.lines(None if verbosity > 1 else REMARKS_SHOWN):
            self.stdout.write(line)


def condition(text: str) -> tuple[str, str]:
    field, _, category = (part.strip() for part in text.partition("="))
    if not field or not category:
        raise ArgumentTypeError(f"{text!r} is not FIELD=CATEGORY.")
    return field, category


def origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ArgumentTypeError(f"{text!r} is no address such as https://blog.example.org.")
    return text.rstrip("/")
