"""Readers of a magazine, in processes of their own: they ask and write as fast as they are answered."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from .looks import Look, Page
from .magazine import Spoken
from .trial import Line

THREADS = 8
QUESTIONS_TO_A_LINE = 40
"""After these a reader connects anew, and comes to another process of the server."""


class Diet(NamedTuple):
    """What readers ask for: pages that all ask for, and such as nobody has asked for lately; posts to write below."""

    popular: list[Page]
    rare: list[Page]
    discussed: list[str]
    misses: float = 0.04
    comments: float = 0.01


class Noted(NamedTuple):
    """What a reader has seen and written, and the answers that no reader should get."""

    looks: list[Look]
    comments: dict[str, Spoken]
    failures: list[str]


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
    noted = Noted([], {}, [])
    while time.time() < until:
        line = Line(port)
        for _ in range(QUESTIONS_TO_A_LINE):
            ask(line, diet, noted)
        line.close()
    return noted


def ask(line: Line, diet: Diet, noted: Noted) -> None:
    dice = random.random()
    if dice < diet.comments:
        write(line, random.choice(diet.discussed), noted)
        return
    pages = diet.rare if dice < diet.comments + diet.misses else diet.popular
    noted.looks.append(look(line, random.choice(pages)))


def write(line: Line, post: str, noted: Noted) -> None:
    mark = f"c{random.getrandbits(32):08x}"
    form = {"author_name": "Ada", "email": "", "body": f"I say {mark}."}
    began = time.time()
    address = f"198.51.{random.randrange(256)}.{random.randrange(256)}"
    answer = line.ask(f"/posts/{post}/comments/write/", form, **{"X-Forwarded-For": address})
    if answer.status == 302:
        noted.comments[mark] = Spoken(post, began, time.time())
    else:
        noted.failures.append(f"A comment below {post} was answered with {answer.status}.")
