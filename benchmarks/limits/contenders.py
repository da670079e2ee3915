"""All that is measured, each listening on a port of its own of this machine."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from .load import Target, ask

ROOT = Path(__file__).parents[2]
PATIENCE = 60
# As nginx is packaged, but for copies that are compressed already, and with the headers of a page: the same bytes.
STATIC_FILES = (
    "location /static-files/ {{ alias {}/; gzip_static on; sendfile on; tcp_nopush on; "
    'types {{ "text/html; charset=utf-8" html; }} max_ranges 0; {} }}'
)
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Program:
    """A server that was started here, with all of its processes."""

    def __init__(self, command: list[str], port: int, path: str, **environment: str) -> None:
        self.port = port
        begin = time.perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 -- our own command
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, start_new_session=True
        )
        self._await(Target(port, path))
        self.seconds_to_start = time.perf_counter() - begin

    def _await(self, target: Target) -> None:
        for _ in range(PATIENCE * 100):
            with suppress(OSError, HTTPException):
                if ask(target)[0] < 500:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.01)
        sys.exit(f"{self._process.args} did not start.")

    def stop(self) -> None:
        os.killpg(self._process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(15)
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def pids(self) -> list[int]:
        found, queue = [], [self._process.pid]
        while queue:
            pid = queue.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                queue.extend(map(int, task.read_text().split()))
        return found

    def cpu(self) -> float:
        """Seconds of processor time of all of its processes."""
        return sum(map(seconds_of, self.pids()))

    def memory(self) -> float:
        """Megabytes of all of its processes, what they share counted once (PSS)."""
        found = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.pids())
        return sum(int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1]) for text in found) / 1000


def seconds_of(pid: int) -> float:
    """proc(5): the 14th and 15th fields, counted from behind the name, which may have blanks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def backends() -> dict[int, float]:
    """What the processes of PostgreSQL that work for the site have spent so far, in seconds; nothing on SQLite."""
    url = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not url.scheme.startswith("postgres"):
        return {}
    # As they call themselves: "postgres: user database host state".
    name, found = f" {url.path.strip('/')} ".encode(), {}
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        # Any of them may end between two looks at it.
        with suppress(OSError):
            title, pid = command.read_bytes(), int(command.parent.name)
            if title.startswith(b"postgres: ") and name in title:
                found[pid] = seconds_of(pid)
    return found


@contextmanager
def running(program: Program) -> Iterator[Program]:
    try:
        yield program
    finally:
        program.stop()


def granian(target: str, folder: Path, **environment: str) -> AbstractContextManager[Program]:
    """A program of `programs.py`, with the settings of `manage.py serve`, but for the interface."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws", "--workers", "1"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", f"programs:{target}"]
    here = str(Path(__file__).parent)
    return running(Program(command, port, "/identity", PYTHONPATH=here, BENCHMARK_BODIES=str(folder), **environment))


def service(data: Path, workers: int = 1, **environment: str) -> AbstractContextManager[Program]:
    """The site as `manage.py serve` runs it, on the content of `site_with_content`."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", str(workers)]
    return running(Program(command, port, "/", **product(data), **environment))


def product(data: Path) -> dict[str, str]:
    return {"DEMO": "true", "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "blogsite.settings"}


def fill(data: Path) -> None:
    """The demo's content, in the folder, or in the empty database of DATABASE_URL."""
    for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--no-input"], ["demo", "--port", str(free_port())]):
        subprocess.run(  # noqa: S603 -- as above
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**os.environ, **product(data)},
            check=True,
            stdout=subprocess.DEVNULL,
        )


@contextmanager
def behind_nginx(data: Path) -> Iterator[tuple[Program, Path]]:
    """nginx as `deploy/nginx.conf` sets it up, without TLS, in front of a service that keeps page files for it; and the
    folder of the static files beside them.
    """
    port = free_port()
    with ExitStack() as stack:
        # In memory, as docs/operators.md wants pages.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else data  # noqa: S108 -- the folder below it is new
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="blogsite-limits-", dir=memory)))
        pages, static = folder / "pages", folder / "static"
        static.mkdir()
        settings = {"PAGE_FILES": str(pages), "SITE_URL": f"http://127.0.0.1:{port}", "BEHIND_PROXY": "true"}
        site = stack.enter_context(service(data, **settings))
        file = data / "nginx.conf"
        file.write_text(nginx_configuration(port, site.port, pages, static, data))
        command = ["nginx", "-p", str(data), "-c", str(file), "-g", "daemon off;"]
        yield stack.enter_context(running(Program(command, port, "/"))), static


def nginx_configuration(port: int, upstream: int, pages: Path, static: Path, temporary: Path) -> str:
    """The configuration of the deployment for this machine, and a folder of static files beside it."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    before, _listening, serving = text.partition("listen 443 ssl http2;")
    maps = before[: before.index("server {\n    listen 80;")]
    serving = re.sub(r"\n.*(\[::\]|ssl_certificate).*", "", serving)
    text = f"{maps}server {{\n    listen 127.0.0.1:{port};{serving}"
    page = serving.partition("    location / {")[2].partition("\n    }\n")[0]
    headers = " ".join(re.findall(r"add_header .*;$", page, re.MULTILINE))
    for old, new in {
        "127.0.0.1:8000": f"127.0.0.1:{upstream}",
        r"blog\.example\.org": r"127\.0\.0\.1",
        "blog.example.org": "127.0.0.1",
        "/run/blogsite/pages": str(pages),
        "/var/lib/blogsite": str(temporary),
        "Host $host;": "Host $http_host;",
        "    location / {": f"    {STATIC_FILES.format(static, headers)}\n\n    location / {{",
    }.items():
        text = text.replace(old, new)
    temporaries = "".join(
        f"{name}_temp_path {temporary}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # The folders are those of whoever measures.
    user = "user root;\n" if os.geteuid() == 0 else ""
    return (
        f"{user}pcre_jit on;\npid {temporary}/nginx.pid;\nerror_log stderr error;\nworker_processes 1;\n"
        f"events {{ worker_connections 512; }}\nhttp {{\naccess_log off;\n"
        f"types {{ text/html html; }}\n{temporaries}{text}}}\n"
    )
