"""From the event loop to Django and back: one hop there, one back.

Django's own ASGI handler begins a thread for each request, and with it, on SQLite, a connection that has the schema yet
to read; and it goes to and fro between loop and thread for each middleware. Here a few threads stay and keep their
connections, and a request runs in one of them from beginning to end, along the same chain as under WSGI.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import IO, Any

from asgiref.sync import ThreadSensitiveContext
from django.core.exceptions import BadRequest, RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.signals import request_started
from django.http import FileResponse, HttpResponseBadRequest, HttpResponseBase
from django.urls import set_script_prefix
from django.utils import timezone, translation

from .connections import look_after_connections
from .gate import Receive, Scope, Send


class Handler(ASGIHandler):
    """For use behind the gate: it does not look whether the client has gone. Works on `places` requests at once."""

    def __init__(self, places: int) -> None:
        super().__init__()
        self.threads = ThreadPoolExecutor(places, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            response = await self.in_thread(self.answer, scope, body)
            if not response.streaming:
                await self.send_response(response, send)
                return
            try:
                async with ThreadSensitiveContext():
                    await self.send_response(response, send)
            finally:
                await self.in_thread(response.close)

    async def in_thread(self, work: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.threads, work, *arguments)

    def answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The whole of a request, in the one thread whose connections it uses and gives back.

        What streams is closed once it has been sent; all else has been read by now.
        """
        set_script_prefix(get_script_prefix(scope))
        # What the thread's last request left behind.
        translation.deactivate()
        timezone.deactivate()
        request_started.send(sender=type(self), scope=scope)
        look_after_connections()
        request, refusal = self.create_request(scope, body)
        response = refusal or self.get_response(request)  # type: ignore[arg-type]  # one of the two is there
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response

    def create_request(
        self, scope: Any, body_file: IO[bytes]
    ) -> tuple[ASGIRequest, None] | tuple[None, HttpResponseBase]:
        """A request whose Content-Type cannot be read is refused, and not an error."""
        try:
            return super().create_request(scope, body_file)
        except (BadRequest, UnicodeEncodeError):
            return None, HttpResponseBadRequest()
