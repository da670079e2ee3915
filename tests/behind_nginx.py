"""The real service behind the real nginx, each in processes of its own, with a database that is gone afterwards."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.ports import free_port

ROOT = Path(__file__).parents[1]
CONFIGURATION = ROOT / "deploy" / "nginx.conf"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
needs_nginx = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed; `.ci/run` installs it"),
    pytest.mark.xdist_group("nginx"),
]

# Of a machine that has much else to do; nobody waits for longer than it takes.
SECONDS_TO_START = 300
# A process that does as it is told, line by line, as a management command would.
OBEDIENT = """
import json, sys, django
django.setup()
told = {}
for line in sys.stdin:
    exec(json.loads(line), told)
    print("done", flush=True)
"""


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]  # by their names in lower case
    body: bytes

    @property
    def is_file(self) -> bool:
        return self.headers.get("x-cache") == "file"


class Site:
    """A site in a folder of its own: the service, nginx in front of it, and processes that write.

    Anything may be stopped and started again. `umask` is that of the service.
    """

    def __init__(self, folder: Path, workers: int = 2, umask: int = 0o027) -> None:
        self.folder = folder
        self.pages = folder / "pages"
        self.port, self.service_port = free_port(), free_port()
        self.workers, self.umask = workers, umask
        self.database_url = new_database(folder)
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "blogsite.settings",
            "DEMO": "true",
            "BEHIND_PROXY": "true",
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": self.database_url,
            "SITE_URL": f"http://127.0.0.1:{self.port}",
            "PAGE_FILES": str(self.pages),
        }
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            self.manage(*command, "--verbosity=0")
        self.start_service()
        self.start_nginx()
        self.writer = Writer(self)

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True)

    # --- Processes ---------------------------------------------------------------------------------------------------

    def start_service(self) -> None:
        serve = ["manage.py", "serve", "--port", str(self.service_port), "--workers", str(self.workers)]
        self.service = subprocess.Popen(
            [sys.executable, *serve],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            umask=self.umask,
            # A group of its own, to be ended at one blow.
            start_new_session=True,
        )
        wait_until(lambda: ask(self.service_port, "/healthz").status == 200, "The service starts.", SECONDS_TO_START)

    def kill_service(self) -> None:
        """As a power cut would, all of its processes at once."""
        os.killpg(self.service.pid, signal.SIGKILL)
        self.service.wait(timeout=120)

    def start_nginx(self) -> None:
        place = self.folder / "nginx"
        place.mkdir(exist_ok=True)
        (place / "nginx.conf").write_text(runnable(place, self.port, self.service_port, self.pages))
        self.nginx = subprocess.Popen([str(NGINX), "-e", str(place / "error.log"), "-c", str(place / "nginx.conf")])
        wait_until(lambda: self.ask("/robots.txt").status < 500, "nginx starts.", SECONDS_TO_START)

    def stop(self) -> None:
        self.writer.stop()
        self.nginx.terminate()
        self.nginx.wait(timeout=120)
        if self.service.poll() is None:
            os.killpg(self.service.pid, signal.SIGTERM)
            self.service.wait(timeout=120)
        drop_database(self.database_url)

    # --- What readers see --------------------------------------------------------------------------------------------

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return ask(self.port, path, method, **{name.replace("_", "-"): value for name, value in headers.items()})

    def ask_the_service(self, path: str, **headers: str) -> Answer:
        """What the service says, asked as nginx asks it."""
        host = {"Host": "127.0.0.1", "X-Forwarded-Proto": "http"}
        return ask(self.service_port, path, **host, **{name.replace("_", "-"): v for name, v in headers.items()})

    def become_file(self, path: str) -> Answer:
        """Ask for a page until nginx has it as a file."""
        wait_until(lambda: self.ask(path).is_file, f"{path} becomes a file.")
        return self.ask(path)


class Writer:
    """A process that writes to the database of a site by way of Django."""

    def __init__(self, site: Site) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OBEDIENT],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def does(self, code: str) -> None:
        """Let it run some lines of Python; afterwards what they wrote is acknowledged."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "done\n", f"The writer did not manage this: {code}"

    def dies_of(self, code: str) -> None:
        with pytest.raises(AssertionError, match="did not manage"):
            self.does(code)
        self.stop()

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


def runnable(place: Path, port: int, service_port: int, pages: Path) -> str:
    """deploy/nginx.conf for a site without TLS on this machine."""
    text = CONFIGURATION.read_text()
    _, upstream, rest = text.partition("upstream")
    maps, _, tls = (upstream + rest).partition("server {\n    listen 80;")
    server = "server {\n    listen 443" + tls.partition("server {\n    listen 443")[2]
    server = re.sub(
        r"^ +(?:listen|ssl_certificate\w*|add_header Strict-Transport-Security) .*\n", "", server, flags=re.MULTILINE
    )
    server = server.replace("server {\n", f"server {{\n    listen 127.0.0.1:{port};\n", 1)
    site = (maps + server).replace("127.0.0.1:8000", f"127.0.0.1:{service_port}")
    site = site.replace("blog.example.org", "127.0.0.1").replace(r"blog\.example\.org", r"127\.0\.0\.1")
    site = site.replace("/run/blogsite/pages", str(pages)).replace("/var/lib/blogsite", str(place.parent / "data"))
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {place}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; {user} worker_processes 2; pid {place}/pid; error_log {place}/error.log;\n"
        "events { worker_connections 1024; }\n"
        f"http {{\naccess_log off; include /etc/nginx/mime.types; {temporary}\n{site}\n}}\n"
    )


def ask(port: int, path: str, method: str = "GET", **headers: str) -> Answer:
    """Raises OSError or HTTPException when nobody is there."""
    client = HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        client.request(method, path, headers=headers)
        response = client.getresponse()
        return Answer(response.status, {n.lower(): v for n, v in response.getheaders()}, response.read())
    finally:
        client.close()


def wait_until(is_so: Callable[[], bool], sentence: str, seconds: float = 120) -> float:
    """Wait for something to become true, and return for how long."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        try:
            if is_so():
                return time.monotonic() - began
        except OSError:
            pass
        time.sleep(0.01)
    pytest.fail(f"This did not come true within {seconds} seconds: {sentence}")


def new_database(folder: Path) -> str:
    """On the engine of DATABASE_URL, for this site alone."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return f"sqlite:///{folder}/site.sqlite3"
    name = f"behind_nginx_{os.getpid()}_{free_port()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def drop_database(url: str) -> None:
    if url.startswith("postgres"):
        name = urlsplit(url).path[1:]
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
