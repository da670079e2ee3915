"""Files kept once each, under names made from their digests: whoever sends the same file again gets the same row."""

from __future__ import annotations

import uuid
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from ..models import Audio, Image


def name_of(folder: str, digest: str, extension: str) -> str:
    """Such as "images/3f/3f9a….jpg": enough of the digest that no two files meet, and few files to a folder."""
    return f"{folder}/{digest[:2]}/{digest[2:26]}.{extension}"


def store[Kept: (Audio, Image)](row: Kept, name: str, content: File) -> Kept:
    """Store a file and save its row; return the row that is there if the same file has arrived at the same time."""
    # Left by a process that died before it could commit the row; it may be half a file.
    default_storage.delete(name)
    row.file.save(name, content, save=False)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return type(row).objects.get(digest=row.digest)
    return row


def write_whole(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all: under another name first, so that nobody is served half of it."""
    unfinished = path.with_name(f"{uuid.uuid4().hex}.part")
    try:
        unfinished.write_bytes(content)
        # Another process may be the one that serves it.
        unfinished.chmod(0o644)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
