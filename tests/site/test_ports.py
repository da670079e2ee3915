"""The answer to "may I listen here?", as a sentence."""

import socket
from collections.abc import Iterator

import pytest

from blogsite.ports import problem_with


@pytest.fixture
def taken_port() -> Iterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(listener.getsockname()[1])


def test_a_free_port_has_no_problem():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = str(listener.getsockname()[1])

    assert problem_with("127.0.0.1", port) == ""


def test_a_taken_port_is_told(taken_port):
    assert problem_with("127.0.0.1", taken_port) == (
        f"Cannot listen on 127.0.0.1, port {taken_port}: Address already in use. Choose another one."
    )


def test_a_port_taken_on_this_machine_is_taken_for_all_addresses(taken_port):
    assert "Address already in use" in problem_with("0.0.0.0", taken_port)


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "", "²"])
def test_what_is_no_port_is_told(port):
    assert problem_with("127.0.0.1", port) == f"A port is a number from 1 to 65535, not {port}."


@pytest.mark.parametrize("host", ["no.such.host.invalid", "a" * 300, "."])
def test_what_is_no_address_is_told(host):
    assert problem_with(host, "8000") == f"There is no address {host} on this machine."
