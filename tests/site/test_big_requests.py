"""Who may bring files: the gate takes them in before anyone else looks at them."""

from __future__ import annotations

import asyncio

import pytest
from django.conf import settings
from django.test import Client

from blogsite import uploads

SMALL = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
UNKNOWN = "a" * 32


def request(path: str, *cookies: str, method: str = "POST") -> dict:
    headers = [(b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode("latin-1")) for cookie in cookies]
    return {"type": "http", "method": method, "path": path, "headers": [(b"host", b"testserver"), *headers]}


def limit(monkeypatch: pytest.MonkeyPatch, key: str) -> int:
    monkeypatch.setattr(uploads, "_is_signed_in_apart", lambda key: key == UNKNOWN)
    return asyncio.run(uploads.max_body(request("/admin/posts/audio/add/", key)))


def test_who_is_signed_in_may_bring_a_recording_to_the_desk(monkeypatch):
    assert limit(monkeypatch, UNKNOWN) == SMALL + settings.IMAGE_MAX_BYTES + settings.AUDIO_MAX_BYTES


@pytest.mark.parametrize("key", ["", "b" * 32, UNKNOWN[1:], "\x00" * 32, "é" * 32])
def test_a_stranger_may_not(key, monkeypatch):
    assert limit(monkeypatch, key) == SMALL


@pytest.mark.parametrize(("path", "method"), [("/comments/", "POST"), ("/admin/", "GET"), ("/administration/", "POST")])
def test_nobody_may_elsewhere(path, method, monkeypatch):
    monkeypatch.setattr(uploads, "_is_signed_in_apart", lambda key: True)
    assert asyncio.run(uploads.max_body(request(path, UNKNOWN, method=method))) == SMALL


@pytest.mark.django_db
def test_to_be_signed_in_takes_an_account(django_user_model):
    client = Client()
    client.session.save()
    anonymous = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.force_login(django_user_model.objects.create_user("ada"))
    own = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert [uploads.is_signed_in(key) for key in ("", UNKNOWN, anonymous, own)] == [False, False, False, True]
