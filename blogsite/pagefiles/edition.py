"""Which edition of the program makes pages: its own files, and its settings.

While a service is reloaded, processes of two editions run side by side. Each takes away what the other one has
published, so that nothing is left of the old one as soon as it has gone.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage

from .disk import digest

PACKAGES = ("blogsite", "comments", "locale", "posts", "templates")


def own_edition() -> str:
    """A digest, the same in all processes of a service."""
    addresses = getattr(staticfiles_storage, "manifest_hash", "")
    told = json.dumps([files(), all_settings(), addresses], default=plainly, sort_keys=True)
    return digest(told.encode())


def files() -> list[tuple[str, int, int]]:
    """Names, sizes and dates, but for what Python has compiled."""
    paths = (path for package in PACKAGES for path in (settings.BASE_DIR / package).rglob("*.*"))
    found = ((str(path), path.stat()) for path in paths if path.parent.name != "__pycache__" and path.is_file())
    return sorted((path, status.st_size, status.st_mtime_ns) for path, status in found)


def all_settings() -> dict[str, Any]:
    return {name: getattr(settings, name) for name in dir(settings) if name.isupper()}


def plainly(value: object) -> object:
    """What JSON does not know. The order of a set differs from process to process."""
    return sorted(map(str, value)) if isinstance(value, set | frozenset) else str(value)
