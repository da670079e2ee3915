"""The server as operators run it: `manage.py serve` in a process of its own, spoken to over the network."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HALF_A_FORM = b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nusername=a"


class Server:
    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        environment = {"PATH": os.environ["PATH"], "DEMO": "true", "DATA_DIR": str(data)}
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            subprocess.run(self.manage(*command, "--verbosity=0"), cwd=ROOT, env=environment, check=True)
        serve = self.manage("serve", "--port", str(self.port))
        self.process = subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        self.wait()

    @staticmethod
    def manage(*arguments: str) -> list[str]:
        return [sys.executable, "manage.py", *arguments]

    def wait(self) -> None:
        for _ in range(100):
            try:
                return self.connect().close()
            except ConnectionRefusedError:
                time.sleep(0.2)
        pytest.fail("The server did not start within 20 seconds.")

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, path: str, **headers: str) -> urllib.request.addinfourl:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        return urllib.request.urlopen(request, timeout=10)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("data"))
    yield server
    assert server.stop() == 0


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
