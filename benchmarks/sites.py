"""Databases to measure on, on the engine of DATABASE_URL, which are gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection


@contextmanager
def empty(name: str, folder: Path) -> Iterator[str]:
    """The DATABASE_URL of a new database: a file in the folder, or one beside that of DATABASE_URL."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    name = f"blogsite_bench_{name}"
    _execute(f'DROP DATABASE IF EXISTS "{name}"')
    _execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    finally:
        _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def seeded(posts: int, folder: Path) -> Iterator[str]:
    """One with so many posts, and ten times as many comments."""
    with empty(str(posts), folder) as url:
        command = [sys.executable, "-m", "benchmarks.seed", "--posts", str(posts)]
        subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=True)  # noqa: S603 -- our own command
        yield url
