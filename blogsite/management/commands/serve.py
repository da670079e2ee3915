import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.urls import reverse

from blogsite import ports
from blogsite.checks import lacking_triggers, pending_migrations, sentence_about
from blogsite.pagecache import metrics

if sys.platform != "win32":
    import resource

# Of each process. One that says nothing costs a few kilobytes, and some of these must not keep everybody else out.
MOST_CONNECTIONS = 4000
# Files that a process may need besides.
OTHER_FILES = 1000


class Command(BaseCommand):
    help = "Serve the site with granian, the production server, until it is told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", default="8000", help="port to listen on (default: %(default)s)")
        parser.add_argument("--workers", type=int, default=fitting_workers(), help="processes (default: %(default)s)")

    def handle(self, *, host: str, port: str, workers: int, **options: Any) -> None:
        if problem := ports.problem_with(host, port):
            raise CommandError(problem)
        if pending := pending_migrations():
            raise CommandError(f"The database lacks {pending} migrations. Run `manage.py migrate` first.")
        if lacking := lacking_triggers():
            raise CommandError(f"{sentence_about(lacking)} Run `manage.py migrate` first, which puts them back.")
        self.announce(host, port)
        self.stdout.flush()
        connection.close()
        try:
            metrics.begin_anew()
        except OSError as error:
            raise CommandError(f"The folder of DATA_DIR cannot be written, as the site needs to: {error}.") from error
        allow_files(MOST_CONNECTIONS + OTHER_FILES)
        # The server takes this process over, so that signals reach it with nobody in between.
        os.execv(sys.executable, [sys.executable, "-m", "granian", *server_arguments(host, port, workers)])

    def announce(self, host: str, port: str) -> None:
        origin = settings.SITE_URL or local_origin(host, port)
        self.stdout.write(
            f"\n  The site    {origin}{reverse('posts:home')}"
            f"\n  The admin   {origin}{reverse('admin:index')}"
            f"\n  The feed    {origin}{reverse('posts:feed')}"
            f"\n\nListening on {host}, port {port}. Press Ctrl-C to stop."
        )


def allow_files(number: int) -> None:
    """Let this process, and whatever takes it over, open so many files, or as many as it may allow itself."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def fitting_workers() -> int:
    """One process for SQLite, whose site is meant to be one process; with a database server, one for each processor."""
    return 1 if connection.vendor == "sqlite" else os.cpu_count() or 1


def local_origin(host: str, port: str) -> str:
    """The origin to type into a browser on this machine: one cannot browse to "all addresses"."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104 -- compared, not bound
    return f"http://{name}:{port}"


def server_arguments(host: str, port: str, workers: int) -> list[str]:
    return [
        *("--interface", "asginl"),
        *("--http", "1", "--no-ws"),
        *("--loop", "asyncio" if sys.platform == "win32" else "uvloop"),
        *("--host", host, "--port", port),
        *("--workers", str(workers)),
        *("--backpressure", str(MOST_CONNECTIONS)),
        # A client that sends its headers byte by byte is cut off after ten seconds.
        *("--http1-header-read-timeout", "10000"),
        "--respawn-failed-workers",
        # A request that never ends must not keep the server from stopping.
        *("--workers-kill-timeout", "10"),
        *("--log-level", "warning"),
        *("--working-dir", str(settings.BASE_DIR)),
        "blogsite.asgi:application",
    ]
