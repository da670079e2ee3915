"""Who guesses passwords is slowed down, at the admin's door as at that of readers."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comments import limits
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


def sign_in(client, door, password="wrong", address="203.0.113.7"):
    fields = {"username": "ada", "password": password}
    return client.post(reverse(door), fields, REMOTE_ADDR=address)


@pytest.mark.parametrize("first", ["admin:login", "comments:sign_in"])
def test_many_attempts_close_the_door_of_the_admin(client, first):
    make_staff("ada")
    for _ in range(limits.SIGN_INS):
        sign_in(client, first)
    refused = sign_in(client, "admin:login", password="secret")
    assert "Too many attempts. Try again in 10 minutes." in refused.content.decode()
    assert "_auth_user_id" not in client.session


def test_others_come_in_meanwhile(client):
    make_staff("ada")
    for _ in range(limits.SIGN_INS + 1):
        sign_in(client, "admin:login")
    assert sign_in(client, "admin:login", password="secret", address="198.51.100.4").status_code == 302
