"""The server as operators run it: `manage.py serve` in a process of its own, spoken to over the network."""

import gzip
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("server")
# Of a machine that has much else to do; nobody waits for longer than it takes.
PATIENCE = 120

HALF_A_FORM = b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nusername=a"


class Server:
    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.environment = {
            "PATH": os.environ["PATH"],
            "DEMO": "true",
            "DATA_DIR": str(data),
            "METRICS_TOKEN": "sesame",
        }
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            self.run(*command, "--verbosity=0")
        serve = self.manage("serve", "--port", str(self.port))
        self.process = subprocess.Popen(serve, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL)
        self.wait()

    def run(self, *command: str) -> None:
        """A command, in a process of its own."""
        subprocess.run(self.manage(*command), cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    @staticmethod
    def manage(*arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def wait(self) -> None:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            try:
                return self.connect().close()
            except ConnectionRefusedError:
                time.sleep(0.05)
        self.process.kill()
        self.process.wait()
        pytest.fail(f"The server did not start within {PATIENCE} seconds.")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def ask(self, path: str, **headers: str) -> urllib.request.addinfourl:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        return urllib.request.urlopen(request, timeout=PATIENCE)

    def send(self, *lines: str) -> bytes:
        """What the server answers, byte for byte, until it closes the connection. {host} is its own."""
        with self.connect() as client:
            request = "\r\n".join([*lines, "Connection: close", "", ""])
            client.sendall(request.replace("{host}", f"127.0.0.1:{self.port}").encode())
            return b"".join(iter(lambda: client.recv(65536), b""))

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("data"))
    yield server
    assert server.stop() == 0


@pytest.mark.skipif("PYTEST_XDIST_WORKER" not in os.environ, reason="There is but one process")
def test_one_process_has_all_tests_that_share_a_service(request):
    assert request.node.nodeid.endswith("@server")


def test_pages_and_their_files_are_served(server):
    with server.ask("/") as answer:
        page = answer.read().decode()
    address = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    with server.ask(address, **{"Accept-Encoding": "br"}) as answer:
        headers = answer.headers

    assert headers["Content-Encoding"] == "br"
    assert "immutable" in headers["Cache-Control"]


def test_clients_that_never_finish_stop_nobody_else(server):
    dawdlers = [server.connect() for _ in range(100)]
    for dawdler in dawdlers:
        dawdler.sendall(HALF_A_FORM)
    try:
        with server.ask("/") as answer:
            assert answer.status == 200
    finally:
        for dawdler in dawdlers:
            dawdler.close()


def test_clients_that_say_nothing_keep_nobody_out(server):
    """However many they are: a browser, too, opens connections that it may need later."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    many = 1500
    if hard != resource.RLIM_INFINITY and hard < 4 * many:
        pytest.skip("This machine allows a process only few open files.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2 * many), hard))
    try:
        with ExitStack() as held:
            for _ in range(many):
                held.enter_context(server.connect())
            with server.ask("/") as answer:
                assert answer.status == 200
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_request_beyond_all_limits_is_refused_before_it_is_sent(server):
    with server.connect() as client:
        client.sendall(HALF_A_FORM.replace(b"1000", b"9000000000"))
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_second_server_on_the_same_port_says_so(server):
    second = subprocess.run(
        Server.manage("serve", "--port", str(server.port)),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DEMO": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "Address already in use" in second.stderr
    assert "Traceback" not in second.stderr


PUBLISH = """
from datetime import datetime
from posts.models import Author, Post
author = Author.objects.first() or Author.objects.create(display_name="Ada")
at = datetime.fromisoformat("{at}")
Post.objects.create(title="{title}", body="Words.", author=author, status="published", publish_at=at)
"""


def label(answer):
    return answer.headers["X-Cache"]


def test_a_page_is_rendered_once_and_then_sent_as_it_is(server):
    page = "/search/?q=what+no+other+test+asks+for"
    with server.ask(page) as first, server.ask(f"{page}&utm_source=x") as second:
        assert (label(first), label(second)) == ("miss", "hit")
        assert first.read() == second.read()
    with server.ask(page, Cookie="sessionid=0123456789abcdef0123456789abcdef") as answer:
        assert label(answer) == "bypass"
    with server.ask(page, **{"Accept-Encoding": "gzip"}) as answer:
        assert gzip.decompress(answer.read()).startswith(b"<!DOCTYPE html>")


def test_who_has_a_feed_already_is_told_so(server):
    with server.ask("/feed/") as answer:
        etag = answer.headers["ETag"]

    answer = server.send("GET /feed/ HTTP/1.1", "Host: {host}", f"If-None-Match: W/{etag}").decode()

    assert answer.startswith("HTTP/1.1 304 ")
    assert f"etag: {etag}" in answer
    assert answer.endswith("\r\n\r\n")


def test_one_connection_asks_for_heads_and_pages_in_turn(server):
    lines = [f"{method} /archive/ HTTP/1.1\r\nHost: {{host}}\r\n" for method in ("HEAD", "GET", "HEAD")]

    answer = server.send(*lines, "GET /healthz HTTP/1.1", "Host: {host}")

    assert answer.count(b"HTTP/1.1 200 OK") == 4
    assert answer.count(b"<!DOCTYPE html>") == 1
    assert answer.endswith(b"ok\n")


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["GET http://evil.example/archive/ HTTP/1.1", "Host: {host}"], 200),
        (["GET /archive/ HTTP/1.1", "Host: evil.example"], 400),
        (["GET /archive/ HTTP/1.1", "Host: {host}", "Host: evil.example"], 400),
        (["GET /archive/ HTTP/1.1", "Host: {host}", "X-Forwarded-Host: evil.example"], 200),
        (["GET /archive/ HTTP/1.1", "Host: {host}", "If-None-Match : x"], 400),
        (["GET /archive/ HTTP/1.1", "Host: {host}", "Content-Length: 0", "Content-Length: 5"], 400),
        (["GET /archive/ HTTP/1.1", "Host: {host}", "X: " + "a" * 900_000], 431),
        (["GET /archive/ HTTP/1.0"], 400),
    ],
    ids=["absolute", "host", "two hosts", "forwarded host", "blank", "smuggled", "huge", "no host"],
)
def test_hostile_requests_get_what_they_are_due(server, lines, status):
    with server.ask("/archive/") as answer:
        honest = answer.read()

    answer = server.send(*lines)

    assert int(answer.split(maxsplit=2)[1]) == status
    assert b"evil" not in answer
    assert (status == 200) == answer.endswith(honest)


def test_what_another_process_publishes_is_there_at_once(server):
    with server.ask("/") as answer:
        assert b"A first text" not in answer.read()

    server.run("shell", "-c", PUBLISH.format(title="A first text", at=datetime.now(UTC).isoformat()))

    for encoding in ("identity", "gzip"):
        with server.ask("/", **{"Accept-Encoding": encoding}) as answer:
            page = answer.read() if encoding == "identity" else gzip.decompress(answer.read())
            assert b"A first text" in page


def test_what_is_due_is_there_when_its_time_has_come(server):
    due = datetime.now(UTC) + timedelta(seconds=4)
    server.run("shell", "-c", PUBLISH.format(title="A later text", at=due.isoformat()))
    while datetime.now(UTC) < due:
        with server.ask("/") as answer:
            assert b"A later text" not in answer.read() or datetime.now(UTC) >= due
        time.sleep(0.05)

    with server.ask("/") as answer:
        assert b"A later text" in answer.read()


def test_the_figures_are_those_of_all_that_was_asked(server):
    def figures() -> dict[str, float]:
        with server.ask("/metrics", Authorization="Bearer sesame") as answer:
            lines = answer.read().decode().splitlines()
        return {name: float(figure) for name, figure in (line.split(" ") for line in lines if not line.startswith("#"))}

    before = figures()
    for _ in range(20):
        server.ask("/feeds/").close()
    after = figures()

    hits, misses = (
        after[name] - before[name] for name in ("blogsite_page_cache_hits_total", "blogsite_page_cache_misses_total")
    )
    assert hits + misses == 20
    assert hits >= misses >= 1
    assert after["blogsite_page_cache_bytes"] > 0
