"""PostgreSQL servers of a trial's own, to be stopped, and to be copied."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

# PostgreSQL does not run as the superuser.
SERVANT = "postgres" if os.geteuid() == 0 else None


class Cluster:
    """One server with its folder, which listens on this machine alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()

    def url(self, database: str = "postgres") -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        run("initdb", "--pgdata", str(self.folder), "--username=postgres", "--auth=trust", "--no-sync")

    def copy_of(self, primary: Cluster, delay: str) -> None:
        """Become a streaming replica that is behind its primary by `delay`, such as "2s"."""
        run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres", "-R", "-D", str(self.folder))
        with (self.folder / "postgresql.auto.conf").open("a") as settings:
            settings.write(f"recovery_min_apply_delay = '{delay}'\n")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        log = str(self.folder / "log.txt")
        run("pg_ctl", "--pgdata", str(self.folder), "--wait", "--log", log, "--options", options, "start")

    def stop(self) -> None:
        """As a machine that goes down: connections break. Nothing where it is down."""
        if (self.folder / "postmaster.pid").exists():
            run("pg_ctl", "--pgdata", str(self.folder), "--wait", "--mode=immediate", "stop")

    def databases(self) -> list[str]:
        return run("psql", "-At", "-c", "SELECT datname FROM pg_database", self.url()).split()

    def commits(self, database: str) -> int:
        """How many transactions it has seen there, reading ones among them."""
        question = f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{database}'"
        return int(run("psql", "-At", "-c", question, self.url()) or 0)


def run(program: str, *arguments: str) -> str:
    """Its output. Raises CalledProcessError."""
    done = subprocess.run(
        [found(program), *arguments],
        user=SERVANT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd="/",
    )
    return done.stdout


def found(program: str) -> str:
    """Where it is: on the path, or where Debian puts what belongs to a version."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return shutil.which(program) or str(versions[-1])


@contextmanager
def folder() -> Iterator[Path]:
    """One that belongs to who runs PostgreSQL, and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="blogsite-cluster-") as name:
        if SERVANT:
            shutil.chown(name, SERVANT)
        yield Path(name)


@contextmanager
def cluster() -> Iterator[Cluster]:
    with folder() as parent:
        server = Cluster(parent / "primary")
        server.create()
        server.start()
        try:
            yield server
        finally:
            server.stop()
