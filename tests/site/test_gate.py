"""The gate in front of the application: who dawdles or sends too much is sent away, and nobody else waits for it."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import pytest
from django.core.exceptions import RequestAborted

from blogsite.gate import CHUNK, MOST_KEPT, Application, Gate, Message, Receive, Scope, Send

ROOMY = 5 * CHUNK
LENGTH = 5 * MOST_KEPT // CHUNK


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with the body it was sent."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


async def max_body(scope: Scope) -> int:
    return ROOMY if scope["path"] == "/roomy/" else 3 * CHUNK


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
        return b"".join(message.get("body", b"") for message in self.answer[1:])


class LongTale:
    """An application whose answer is too long to be kept."""

    told = 0
    was_closed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            for _number in range(LENGTH):
                await send({"type": "http.response.body", "body": bytes(CHUNK), "more_body": True})
                self.told += 1
            await send({"type": "http.response.body"})
        except RequestAborted:  # as Django does
            self.was_closed = True


class Witness:
    """An application that takes a while, and listens meanwhile for its client, as Django does."""

    asked = 0
    was_finished = False
    heard: Message | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        await receive()
        with suppress(TimeoutError):
            self.heard = await asyncio.wait_for(receive(), 0.2)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})
        self.was_finished = True


class EndlessTale:
    """An application whose answer ends when its client leaves."""

    heard: Message

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        listening = asyncio.ensure_future(receive())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not listening.done():
            await send({"type": "http.response.body", "body": bytes(CHUNK), "more_body": True})
            await asyncio.sleep(0)
        self.heard = listening.result()


class LeavingClient(Client):
    """Leaves some seconds after it has asked."""

    def __init__(self, *pieces: Message, after: float) -> None:
        super().__init__(*pieces)
        self.after = after

    async def tell(self) -> Message:
        if self.pieces:
            return self.pieces.pop(0)
        await asyncio.sleep(self.after)
        return {"type": "http.disconnect"}


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


def limit(path: str) -> int:
    return ROOMY if path == "/roomy/" else 3 * CHUNK


def visit(
    *clients: Client,
    application: Application = echo,
    path: str = "/",
    headers: Iterable[tuple[bytes, bytes]] = (),
    http_version: str = "2",
    patience: float = 0.05,
) -> None:
    """All clients ask at once, at a gate with one place. HTTP/2 need not announce a body."""

    async def everyone() -> None:
        gate = Gate(application, places=1, max_body=max_body, patience=patience)
        scope: Scope = {"type": "http", "http_version": http_version, "path": path, "headers": list(headers)}
        await asyncio.gather(*(gate(scope, client.tell, client.hear) for client in clients))

    asyncio.run(asyncio.wait_for(everyone(), timeout=120))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_body_arrives_as_it_was_sent(size):
    body = bytes(number % 251 for number in range(size))
    client = Client(piece(body[: size // 2], more=True), piece(body[size // 2 :]))

    visit(client)

    assert (client.status, client.text) == (200, body)


class SilentClient(Client):
    """Counts how often it is asked for more than it has announced."""

    asked = 0

    async def tell(self) -> Message:
        self.asked += 1
        return await super().tell()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_nobody_is_asked_for_a_body_that_is_not_announced(version):
    client = SilentClient()

    visit(client, http_version=version)

    assert (client.status, client.text, client.asked) == (200, b"", 0)


@pytest.mark.parametrize("header", [(b"content-length", b"5"), (b"transfer-encoding", b"chunked")])
def test_a_body_that_is_announced_arrives(header):
    client = Client(piece(b"hello"))

    visit(client, headers=[header], http_version="1.1")

    assert client.text == b"hello"


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


def test_a_client_that_leaves_breaks_nothing_off():
    """Django would leave a connection behind, which its pool would never see again."""
    witness = Witness()

    visit(LeavingClient(piece(b"hello"), after=0.05), application=witness, patience=1)

    assert witness.was_finished
    assert not witness.heard


@pytest.mark.parametrize("version", ["1.1", "2"])
def test_a_client_that_leaves_while_it_waits_takes_no_place(version):
    witness = Witness()
    first, gone = Client(piece()), LeavingClient(piece(), after=0)

    visit(first, gone, application=witness, http_version=version, patience=1)

    assert witness.asked == 1
    assert gone.answer == []


def test_a_client_that_leaves_a_long_answer_ends_it():
    tale = EndlessTale()

    visit(LeavingClient(piece(b"talk to me"), after=0.05), application=tale, patience=1)

    assert tale.heard["type"] == "http.disconnect"


def test_some_paths_take_more_than_others():
    body = bytes(ROOMY)
    here, there, beyond = Client(piece(body)), Client(piece(body)), Client(piece(body + b"!"))

    visit(here, path="/roomy/")
    visit(there, path="/narrow/")
    visit(beyond, path="/roomy/")

    assert (here.status, there.status, beyond.status) == (200, 413, 413)


def test_a_long_answer_arrives_whole():
    client = Client(piece(b"talk to me"))

    visit(client, application=LongTale())

    assert client.text == bytes(LENGTH * CHUNK)
    assert client.answer[-1] == {"type": "http.response.body"}


def test_a_long_answer_is_not_kept_for_who_does_not_read_it():
    tale = LongTale()

    visit(DeafClient(piece(b"talk to me")), application=tale)

    assert tale.told * CHUNK <= MOST_KEPT + CHUNK
    assert tale.was_closed


def test_others_are_served_while_one_does_not_read_a_long_answer():
    deaf, prompt = DeafClient(piece(b"talk to me")), Client(piece(b"hello"))

    visit(deaf, prompt, application=LongTale(), patience=0.2)

    assert len(prompt.text) == LENGTH * CHUNK
