"""Requests that no browser sends, and that Django alone would answer with an error of its own."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client

from blogsite.handler import Handler
from tests.factories import make_post

pytestmark = pytest.mark.django_db

FORM = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nWords\xff\r\n--x--\r\n'


@pytest.mark.parametrize(
    "charset", ["base64", "idna", "undefined", "rot13", "zip", "utf-7", "unicode_escape", "punycode"]
)
def test_a_form_in_an_encoding_that_no_form_comes_in_is_refused(client, charset):
    address = f"{make_post().get_absolute_url()}comments/write/"
    response = client.generic("POST", address, FORM, f"multipart/form-data; boundary=x; charset={charset}")
    assert response.status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "windows-1252", "no-such-thing"])
def test_a_form_in_an_encoding_of_old_is_read(client, charset):
    address = f"{make_post().get_absolute_url()}comments/write/"
    response = client.generic("POST", address, FORM, f"multipart/form-data; boundary=x; charset={charset}")
    assert response.status_code == 422


@pytest.mark.parametrize("address", ["/posts/missing/", "/missing/", "/admin/", "/admin/login/"])
@pytest.mark.parametrize("value", [r'"\000\000\000\000\000\000\000\000"', r'"\377\377\377\377\377\377\377\377"', '""'])
def test_a_session_that_is_none_is_overlooked(address, value):
    response = Client(headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={value}"}).get(address)
    assert response.status_code in {200, 302, 404}


@pytest.mark.parametrize("name", [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME])
@pytest.mark.parametrize("value", ["x", "x" * 31, "\u00e9" * 32, "-" * 64, '"\\000"', "A" * 65])
@pytest.mark.parametrize("address", ["/", "/missing/"])
def test_a_cookie_that_we_never_gave_is_answered_with_none(address, name, value):
    response = Client(headers={"Cookie": f"{name}={value}"}).get(address)
    assert "Set-Cookie" not in response.headers
    assert not response.cookies


@pytest.mark.parametrize(
    "content_type",
    [
        b"text/plain; charset*=none''x",
        b"text/plain; charset*=utf-7''+2AA-",
        b"multipart/form-data; boundary*=none''x",
    ],
)
def test_a_content_type_that_cannot_be_read_is_refused(content_type):
    assert asyncio.run(_status_of(content_type)) == 400


async def _status_of(content_type: bytes) -> int:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"content-type", content_type)],
    }
    server = ApplicationCommunicator(Handler(1), scope)
    await server.send_input({"type": "http.request", "body": b""})
    return (await server.receive_output())["status"]
