"""A site to be maltreated: the real server in processes of its own, and a database that is gone afterwards."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.db import connection

from comments.models import Comment
from comments.places import Row, places
from posts.models import Post, SiteSettings
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 300
WORKERS = 4


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]  # by their names in lower case
    body: str


class Line:
    """A connection to one of the server's processes, kept open from one question to the next."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._client = HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Raises OSError or HTTPException when the server is gone."""
        if form is None:
            self._client.request("GET", path, headers=headers)
        else:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            self._client.request("POST", path, urlencode(form), kind | headers)
        response = self._client.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, names, response.read().decode())

    def inode(self) -> str:
        """By which the kernel knows the server's end of the connection, once a question has been answered."""
        ours = f"0100007F:{self._client.sock.getsockname()[1]:04X}"
        for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = row.split()
            if fields[1] == f"0100007F:{self.port:04X}" and fields[2] == ours:
                return fields[9]
        return "0"

    def close(self) -> None:
        self._client.close()


class Server:
    """`manage.py serve` with four processes, behind a proxy that we play."""

    def __init__(self, **environment: str) -> None:
        self.port = free_port()
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", str(WORKERS)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=product_environment() | {"BEHIND_PROXY": "true"} | environment,
            stdout=subprocess.DEVNULL,
            # A group of its own, to be ended at one blow.
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(SECONDS_TO_START * 10):
            try:
                if self.ask("/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.1)
        self.kill()
        sys.exit(f"The server did not start within {SECONDS_TO_START} seconds.")

    def ask(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Raises OSError or HTTPException when the server is gone."""
        line = Line(self.port)
        try:
            return line.ask(path, form, **headers)
        finally:
            line.close()

    @contextmanager
    def lines(self) -> Iterator[list[Line]]:
        """One to each of the server's processes, among which the kernel chooses as it likes.

        For use at once: the server closes a line on which nothing was asked for ten seconds.
        """
        with ExitStack() as opened:
            lines: dict[int, Line] = {}
            while len(lines) < WORKERS:
                line = opened.enter_context(closing(Line(self.port)))
                line.ask("/healthz")
                lines.setdefault(self._owner(line.inode()), line)
            yield list(lines.values())

    def _owner(self, inode: str) -> int:
        """The process that has this connection."""
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            if f"socket:[{inode}]" in set(open_files(pid)):
                return int(pid)
        raise LookupError(f"No process of the server holds the connection {inode}.")

    def write(self, post: Post, words: str, address: str, name: str = "Ada", email: str = "") -> Answer:
        """Send a comment as a reader from this address."""
        return self.write_below(post.slug, words, address, name, email)

    def write_below(self, slug: str, words: str, address: str, name: str = "Ada", email: str = "") -> Answer:
        form = {"author_name": name, "email": email, "body": words}
        return self.ask(f"/posts/{slug}/comments/write/", form, **{"X-Forwarded-For": address})

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=120)

    def kill(self) -> None:
        """As a power cut would, to all of its processes at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=120)


def open_files(pid: str) -> Iterator[str]:
    """What a process has open, as the kernel calls it; some of it is closed while one looks."""
    for end in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            yield str(end.readlink())


def number_of(answer: Answer) -> int:
    """Which comment the server says that it has taken in."""
    return int(urlsplit(answer.headers["location"]).path.split("/")[-3])


@contextmanager
def site(**choices: Any) -> Iterator[None]:
    """An empty site with these choices of its owner; for SQLite in a file, as the server's processes share it."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "trial.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        SiteSettings.objects.update_or_create(pk=SiteSettings.load().pk, defaults=choices)
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env=product_environment(), check=True)
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def product_environment() -> dict[str, str]:
    """For a process that runs the product itself, with our folder and our database."""
    return os.environ | {"DJANGO_SETTINGS_MODULE": "blogsite.settings", "DATABASE_URL": database_url()}


def database_url() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def at_once[T, R](work: Any, tasks: list[T], threads: int = 40) -> list[R]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, tasks))


def check(fact: bool, sentence: str) -> None:
    if not fact:
        sys.exit(f"FAILED: {sentence}")
    print(f"ok: {sentence}")


def check_database() -> None:
    """Counts and places are those of the rows, and the file is sound."""
    rows = {
        comment.pk: Row(comment.post_id, comment.parent_id, comment.is_public) for comment in Comment.all_objects.all()
    }
    stored = {pk: tuple(place) for pk, *place in Comment.all_objects.values_list("pk", "thread", "stands")}
    check(stored == {pk: tuple(place) for pk, place in places(rows).items()}, "every comment stands in its place")
    counts = {
        post.pk: sum(row.post == post.pk and row.is_public for row in rows.values()) for post in Post.all_objects.all()
    }
    check(dict(Post.all_objects.values_list("pk", "comment_count")) == counts, "the counts are those of the rows")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            check(cursor.fetchall() == [("ok",)], "the integrity check finds nothing")
