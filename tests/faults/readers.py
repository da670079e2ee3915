"""Readers of a magazine, in processes of their own: they ask and write as fast as they are answered."""

from __future__ import annotations

import random
import re
import socket
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from .looks import Look, Page
from .magazine import Spoken
from .trial import Line

THREADS = 6
QUESTIONS_TO_A_LINE = 200
"""After these a reader connects anew, and comes to another process of the server."""
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CACHE = re.compile(rb"\r\nx-cache: *(\w+)", re.IGNORECASE)


class Diet(NamedTuple):
    """What readers ask for: pages that all ask for, the most popular first, and such as hardly anybody asks for; posts
    to write below. `rarely` and `comments` are shares of all questions."""

    popular: list[Page]
    rare: list[Page]
    discussed: list[str]
    rarely: float = 0.04
    comments: float = 0.01


@dataclass
class Noted:
    """What a reader has seen and written, and the answers that no reader should get."""

    looks: list[Look] = field(default_factory=list)
    comments: dict[str, Spoken] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class QuickLine:
    """A connection that is read with as little work as can be: the reader must not be what is measured."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)

    def look(self, page: Page) -> Look:
        """Raises OSError or ValueError when the server is gone."""
        sent = time.time()
        self._socket.sendall(f"GET {page.address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode())
        head, _, body = self._until_the_body().partition(b"\r\n\r\n")
        if length := LENGTH.search(head):
            body = self._rest(body, int(length[1]))
        cache = CACHE.search(head)
        return read_page(page, int(head[9:12]), body)._replace(
            sent=sent, received=time.time(), cache=cache[1].decode() if cache else ""
        )

    def _until_the_body(self) -> bytes:
        received = b""
        while b"\r\n\r\n" not in received:
            more = self._socket.recv(65536)
            if not more:
                raise ConnectionResetError("The server closed the connection.")
            received += more
        return received

    def _rest(self, body: bytes, length: int) -> bytes:
        parts, missing = [body], length - len(body)
        while missing:
            part = self._socket.recv(missing)
            if not part:
                raise ConnectionResetError("The server closed the connection.")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def close(self) -> None:
        self._socket.close()


@lru_cache(maxsize=500)
def read_page(page: Page, status: int, body: bytes) -> Look:
    """What an answer shows; the same bytes are read but once."""
    return page.look(0, 0, status, body.decode(), "")


def look(line: Line, page: Page) -> Look:
    sent = time.time()
    answer = line.ask(page.address)
    return page.look(sent, time.time(), answer.status, answer.body, answer.headers.get("x-cache", ""))


def read(port: int, diet: Diet, until: float) -> Noted:
    """The work of one process."""
    with ThreadPoolExecutor(THREADS) as pool:
        notes = list(pool.map(lambda _: read_alone(port, diet, until), range(THREADS)))
    return Noted(
        [look for note in notes for look in note.looks],
        {mark: comment for note in notes for mark, comment in note.comments.items()},
        [failure for note in notes for failure in note.failures],
    )


def read_alone(port: int, diet: Diet, until: float) -> Noted:
    noted = Noted()
    weights = by_popularity(diet.popular)
    while time.time() < until:
        with closing(QuickLine(port)) as line:
            for _ in range(QUESTIONS_TO_A_LINE):
                if random.random() < diet.comments:
                    write(port, random.choice(diet.discussed), noted)
                else:
                    noted.looks.append(line.look(choice(diet, weights)))
    return noted


def by_popularity(pages: list[Page]) -> Sequence[float]:
    """Weights, added up: the second page is asked for half as often as the first, the third a third."""
    return list(accumulate(1 / (number + 1) for number in range(len(pages))))


def choice(diet: Diet, weights: Sequence[float]) -> Page:
    if random.random() < diet.rarely:
        return random.choice(diet.rare)
    return random.choices(diet.popular, cum_weights=weights)[0]


def write(port: int, post: str, noted: Noted) -> None:
    mark = f"c{random.getrandbits(32):08x}"
    form = {"author_name": "Ada", "email": "", "body": f"I say {mark}."}
    began = time.time()
    address = f"198.51.{random.randrange(256)}.{random.randrange(256)}"
    with closing(Line(port)) as line:
        answer = line.ask(f"/posts/{post}/comments/write/", form, **{"X-Forwarded-For": address})
    if answer.status == 302:
        noted.comments[mark] = Spoken(post, began, time.time())
    else:
        noted.failures.append(f"A comment below {post} was answered with {answer.status}.")
