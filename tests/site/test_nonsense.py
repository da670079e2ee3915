"""Requests that no browser sends, and that Django alone would answer with an error of its own."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import make_post

pytestmark = pytest.mark.django_db

FORM = b'--x\r\nContent-Disposition: form-data; name="body"\r\n\r\nWords\xff\r\n--x--\r\n'


@pytest.mark.parametrize("charset", ["base64", "idna", "undefined", "rot13", "zip"])
def test_a_form_in_an_encoding_of_no_text_is_refused(client, charset):
    address = f"{make_post().get_absolute_url()}comments/"
    response = client.generic("POST", address, FORM, f"multipart/form-data; boundary=x; charset={charset}")
    assert response.status_code == 400


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16", "no-such-thing"])
def test_a_form_in_any_encoding_of_text_is_read(client, charset):
    address = f"{make_post().get_absolute_url()}comments/"
    response = client.generic("POST", address, FORM, f"multipart/form-data; boundary=x; charset={charset}")
    assert response.status_code == 422


@pytest.mark.parametrize("address", ["/posts/missing/", "/missing/", "/admin/", "/admin/login/"])
@pytest.mark.parametrize("value", [r'"\000\000\000\000\000\000\000\000"', r'"\377\377\377\377\377\377\377\377"', '""'])
def test_a_session_that_is_none_is_overlooked(address, value):
    response = Client(headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={value}"}).get(address)
    assert response.status_code in {200, 302, 404}
