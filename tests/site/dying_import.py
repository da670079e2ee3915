"""An import that tells how many posts are in, line after line, and kills itself at a given moment.

    python -m tests.site.dying_import FOLDER MOMENT

At any other moment than IN_A_TRANSACTION and BEFORE_RELATING it waits for others to kill it.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from posts.importers.markdown import MarkdownImport, Options  # noqa: E402 -- only now are there models
from posts.importers.writing import Writer  # noqa: E402 -- the same
from posts.ways import related  # noqa: E402 -- the same

SOURCE = "old"


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class LateWriter(Writer):
    """Dies when all of its second batch is written, but for the records and the commit."""

    batches = 0

    def record(self, batch: Any) -> None:
        self.batches += 1
        if self.batches == 2:
            die()
        super().record(batch)


IN_A_TRANSACTION = "in a transaction"
BEFORE_RELATING = "before posts are related"


def main(folder: Path, moment: str) -> None:
    importing = MarkdownImport(folder, Options(source=SOURCE))
    if moment == IN_A_TRANSACTION:
        importing.writer = LateWriter(SOURCE, importing.catalog)
    if moment == BEFORE_RELATING:
        related.refresh_these = die
    importing.run(lambda *_: tell(importing.report.counts["created"]))


def tell(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
