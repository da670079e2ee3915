"""The probes: what whoever watches the process is told."""

import pytest
from django.db import DatabaseError, connection


@pytest.fixture
def broken_database(monkeypatch):
    def cursor():
        raise DatabaseError("no route to host")

    monkeypatch.setattr(connection, "cursor", cursor)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_site_that_works_says_so(client, address):
    response = client.get(address)

    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_without_its_database_the_site_lives_but_is_not_ready(client, broken_database):
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_a_probe_needs_no_https(client, settings, db, address):
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(address).status_code == 200
