"""Who may bring files: those who are signed in, and at the desk alone.

The gate takes in the whole of a request before anyone looks at it. Strangers would soon have filled the disk.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import DatabaseError, connections
from django.http import parse_cookie
from django.urls import reverse

from .nonsense import COOKIES

_sessions = import_module(settings.SESSION_ENGINE)


async def max_body(scope: dict[str, Any]) -> int:
    """How many bytes a request may bring: for those who may bring files, a post with its cover and its recording."""
    files = settings.IMAGE_MAX_BYTES + settings.AUDIO_MAX_BYTES
    may_bring_files = scope["method"] == "POST" and scope["path"].startswith(reverse("admin:index"))
    if may_bring_files:
        may_bring_files = await sync_to_async(_is_signed_in_apart, thread_sensitive=False)(session_key(scope))
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE + (files if may_bring_files else 0)


def session_key(scope: dict[str, Any]) -> str:
    """The key that the cookies of a request name; "" for none that could be ours."""
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")
    return key if COOKIES[settings.SESSION_COOKIE_NAME].fullmatch(key) else ""


def is_signed_in(key: str) -> bool:
    return bool(key) and SESSION_KEY in _sessions.SessionStore(key).load()


def _is_signed_in_apart(key: str) -> bool:
    """In a thread of its own, with a connection that is given back. Without a database nobody is."""
    try:
        return is_signed_in(key)
    except DatabaseError:
        return False
    finally:
        connections.close_all()
