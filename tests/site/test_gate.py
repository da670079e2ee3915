"""The gate in front of the application: who dawdles or sends too much is sent away, and nobody else waits for it."""

import asyncio
from collections.abc import Iterable

import pytest

from blogsite.gate import CHUNK, Gate, Message, Receive, Scope, Send


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with the body it was sent."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


class Client:
    """Sends the given pieces of a request, and then waits for ever; keeps what it is answered."""

    def __init__(self, *pieces: Message) -> None:
        self.pieces = list(pieces)
        self.answer: list[Message] = []

    async def tell(self) -> Message:
        if not self.pieces:
            await asyncio.Event().wait()
        return self.pieces.pop(0)

    async def hear(self, message: Message) -> None:
        self.answer.append(message)

    @property
    def status(self) -> int:
        return self.answer[0]["status"]

    @property
    def text(self) -> bytes:
        return b"".join(message["body"] for message in self.answer[1:])


class DeafClient(Client):
    """Never reads its answer."""

    async def hear(self, message: Message) -> None:
        await asyncio.Event().wait()


class DrippingClient(Client):
    """Sends a byte whenever patience is about to run out, and never ends."""

    async def tell(self) -> Message:
        await asyncio.sleep(0.02)
        return piece(b"x", more=True)


def piece(body: bytes = b"", *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def visit(*clients: Client, headers: Iterable[tuple[bytes, bytes]] = (), patience: float = 0.05) -> None:
    """All clients ask at once, at a gate with one place."""

    async def everyone() -> None:
        gate = Gate(echo, places=1, max_body=3 * CHUNK, patience=patience)
        scope: Scope = {"type": "http", "headers": list(headers)}
        await asyncio.gather(*(gate(scope, client.tell, client.hear) for client in clients))

    asyncio.run(asyncio.wait_for(everyone(), timeout=5))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_body_arrives_as_it_was_sent(size):
    body = bytes(number % 251 for number in range(size))
    client = Client(piece(body[: size // 2], more=True), piece(body[size // 2 :]))

    visit(client)

    assert (client.status, client.text) == (200, body)


def test_a_body_that_stops_is_given_up():
    client = Client(piece(b"half a f", more=True))

    visit(client)

    assert client.status == 408


def test_a_body_that_drips_is_given_up():
    client = DrippingClient()

    visit(client)

    assert client.status == 408


def test_others_are_served_while_one_dawdles():
    dawdler, prompt = Client(piece(b"half a f", more=True)), Client(piece(b"hello"))

    visit(dawdler, prompt, patience=0.2)

    assert prompt.text == b"hello"


def test_others_are_served_while_one_does_not_read_its_answer():
    deaf, prompt = DeafClient(piece(b"talk to me")), Client(piece(b"hello"))

    visit(deaf, prompt, patience=0.2)

    assert prompt.text == b"hello"


def test_a_body_that_announces_too_much_is_refused_unread():
    client = Client(piece(b"x", more=True))

    visit(client, headers=[(b"content-length", b"196609")])

    assert client.status == 413
    assert client.pieces


def test_a_body_that_grows_too_large_is_refused():
    client = Client(piece(b"x" * 3 * CHUNK, more=True), piece(b"x"))

    visit(client)

    assert client.status == 413


def test_a_length_that_is_no_number_is_not_believed():
    client = Client(piece(b"hello"))

    visit(client, headers=[(b"content-length", b"-1e9")])

    assert client.text == b"hello"


def test_a_client_that_leaves_is_not_answered():
    client = Client(piece(b"half a f", more=True), {"type": "http.disconnect"})

    visit(client)

    assert client.answer == []
