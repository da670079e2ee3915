"""System checks of our own: of settings, for `check --deploy`, and of what the database does by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

import comments.generation
from posts import lists, triggers, watches
from posts.search import tables


@checks.register(deploy=True)
def check_demo_is_off(**_: Any) -> list[checks.CheckMessage]:
    if not settings.DEMO:
        return []
    return [
        checks.Warning(
            "DEMO is on: cookies and redirects are those of a trial on one's own machine.",
            hint="Unset DEMO and set SECRET_KEY and ALLOWED_HOSTS.",
            id="blogsite.W001",
        )
    ]


@checks.register(deploy=True)
def check_site_url(**_: Any) -> list[checks.CheckMessage]:
    if settings.SITE_URL.startswith("https://"):
        return []
    return [
        checks.Warning(
            "SITE_URL is not an https:// address: feeds and canonical links follow whatever host a reader used, "
            "and links in mails guess.",
            hint="Set SITE_URL to the address of the site, such as https://blog.example.org.",
            id="blogsite.W002",
        )
    ]


@checks.register(checks.Tags.database)
def check_triggers(databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """A warning, since `migrate`, which mends it, begins with these checks and would stop at an error."""
    if not databases or "default" not in databases or pending_migrations():
        return []
    lacking = lacking_triggers()
    if not lacking:
        return []
    return [
        checks.Warning(
            sentence_about(lacking),
            hint="Run `manage.py migrate`: it puts them back, and has everything made anew that they missed.",
            id="blogsite.W003",
        )
    ]


def lacking_triggers(using: str = "default") -> list[str]:
    """The names of those that a migrate should have left in the database, and did not, as when it failed half-way."""
    watched = [*watches.all_watches(), *comments.generation.all_watches()]
    return [*triggers.lacking(using, watched), *lists.lacking(using), *tables.lacking(using)]


def sentence_about(lacking: Sequence[str]) -> str:
    return (
        f"The database lacks {len(lacking)} triggers, or has those of another version, such as {lacking[0]}: "
        "changes would go unnoticed, and pages and lists would stay what they were."
    )


def pending_migrations(using: str = "default") -> int:
    executor = MigrationExecutor(connections[using])
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
