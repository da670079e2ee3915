"""Where the cards that have been drawn are kept: by all that they show, so that none is ever out of date."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from ..files.storing import write_whole
from . import Card
from .drawing import png

logger = logging.getLogger(__name__)

# In each of 256 folders: some 4,000 cards, which are 80 MB. What a later visitor misses is drawn again.
KEPT = 16
# A drawing takes a processor for a tenth of a second; whoever asks for cards must not take them all.
PATIENCE = 3.0
_easel = threading.BoundedSemaphore(1)
# Who waits for a drawing keeps one of the few places at work (see blogsite/asgi.py). So the line is no longer than so
# many cards, however many ask for each of them.
LONGEST_LINE = 2
_line: Counter[str] = Counter()
_counting = threading.Lock()


class Busy(Exception):
    """Others are waiting for their cards already."""


def picture(card: Card) -> bytes:
    """The card as a PNG, drawn when nobody has asked for it before. Raises Busy."""
    path = place(card.version)
    try:
        return path.read_bytes()
    except OSError:
        return drawn(card, path)


def place(version: str) -> Path:
    return Path(settings.DATA_DIR) / "cards" / version[:2] / f"{version}.png"


def drawn(card: Card, path: Path) -> bytes:
    with in_line(card.version):
        if not _easel.acquire(timeout=PATIENCE):
            raise Busy
        try:
            # Whoever stood before us in the line may have wanted the same.
            if path.exists():
                return path.read_bytes()
            content = png(card)
            keep(content, path)
        finally:
            _easel.release()
    return content


@contextmanager
def in_line(version: str) -> Iterator[None]:
    """Stand in the line for a card. Raises Busy where it is long enough."""
    with _counting:
        if version not in _line and len(_line) >= LONGEST_LINE:
            raise Busy
        _line[version] += 1
    try:
        yield
    finally:
        with _counting:
            _line[version] -= 1
            if not _line[version]:
                del _line[version]


def keep(content: bytes, path: Path) -> None:
    """A disk that is full keeps nobody from seeing the card."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, content)
        make_room(path.parent)
    except OSError as error:
        logger.warning("A social card cannot be kept: %s", error)


def make_room(folder: Path) -> None:
    """Remove the oldest files of a folder, unfinished ones of processes that died among them."""
    with os.scandir(folder) as files:
        oldest_last = sorted(files, key=lambda file: file.stat().st_mtime, reverse=True)
    for file in oldest_last[KEPT:]:
        Path(file.path).unlink(missing_ok=True)
