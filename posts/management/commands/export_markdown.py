import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from posts.exporters.markdown import MarkdownExport
from posts.progress import INTERRUPTED, Progress


class Command(BaseCommand):
    help = "Write every post and page as a Markdown file with front matter, and the files that they use beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="an empty folder, or one that is not there yet")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if any(folder.iterdir()):
                raise CommandError(f"The folder {folder} is not empty. Name another one, or empty it.")
            export = MarkdownExport(folder)
            number = export.run(Progress(self.stderr).show)
        except OSError as error:
            raise CommandError(f"The folder {folder} cannot be written: {error.strerror}.") from error
        except KeyboardInterrupt:
            self.stderr.write("\nInterrupted. The folder holds a part of the site; empty it and begin again.")
            sys.exit(INTERRUPTED)
        self.stdout.write(f"Wrote {number} posts and pages to {folder}.")
        for name in export.missing:
            self.stdout.write(f"A file is not there any more: {name}")
