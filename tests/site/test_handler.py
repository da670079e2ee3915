"""A request runs in one thread from beginning to end, and leaves nothing behind for the next."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from django.utils import translation

from blogsite.gate import Message
from blogsite.handler import Handler


def about(request: HttpRequest) -> HttpResponse:
    """Which thread and language it runs in; the next is to know neither."""
    words = f"{threading.current_thread().name} {translation.get_language()}"
    translation.activate("de")
    return HttpResponse(words, headers={"Cache-Control": "no-store"})


async def pieces() -> AsyncIterator[bytes]:
    yield b"one "
    yield b"two"


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(pieces())


streamed.without_site_settings = about.without_site_settings = True  # type: ignore[attr-defined]  # for the middleware
urlpatterns = [path("about/", about), path("streamed/", streamed)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


async def ask(handler: Handler, address: str, headers: Any = ()) -> list[Message]:
    answer: list[Message] = []
    told = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> Message:
        return next(told)

    async def send(message: Message) -> None:
        answer.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": address,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *headers],
    }
    await handler(scope, receive, send)
    return answer


def answer_of(*addresses: str, headers: Any = ()) -> list[list[Message]]:
    handler = Handler(1)

    async def ask_all() -> list[list[Message]]:
        return [await ask(handler, address, headers) for address in addresses]

    try:
        return asyncio.run(ask_all())
    finally:
        handler.threads.shutdown()


def body(answer: list[Message]) -> bytes:
    return b"".join(message.get("body", b"") for message in answer[1:])


def test_the_same_thread_answers_again_and_knows_nothing_of_before():
    first, second = answer_of("/about/", "/about/")
    assert body(first) == body(second) == b"request_0 en"


def test_what_streams_is_sent_piece_by_piece():
    [answer] = answer_of("/streamed/")
    assert [message["body"] for message in answer[1:] if message.get("body")] == [b"one ", b"two"]


@pytest.mark.parametrize("address", ["/about/", "/streamed/"])
def test_each_request_begins_and_ends_once_in_its_thread(address):
    heard: list[tuple[str, str]] = []

    def note_start(**_: Any) -> None:
        heard.append(("began", threading.current_thread().name))

    def note_end(**_: Any) -> None:
        heard.append(("ended", threading.current_thread().name))

    request_started.connect(note_start)
    request_finished.connect(note_end)
    try:
        answer_of(address)
    finally:
        request_started.disconnect(note_start)
        request_finished.disconnect(note_end)
    assert heard == [("began", "request_0"), ("ended", "request_0")]
