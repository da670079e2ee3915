"""`manage.py serve`: what it refuses, what it says, and that the server takes its place."""

import os
import sys
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command

from blogsite import ports
from blogsite.management.commands import serve


@pytest.fixture
def replaced_by(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The command lines that would have replaced this process."""
    commands: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda path, command: commands.append(command))
    monkeypatch.setattr(ports, "problem_with", lambda host, port: "")
    return commands


@pytest.mark.django_db
def test_the_server_takes_the_place_of_the_command(replaced_by):
    call_command("serve", "--port", "8123", "--workers", "3")

    [command] = replaced_by
    assert command[:3] == [sys.executable, "-m", "granian"]
    assert command[-1] == "blogsite.asgi:application"
    assert ("--port", "8123") in pairwise(command)
    assert ("--workers", "3") in pairwise(command)


@pytest.mark.django_db
def test_the_addresses_are_announced(replaced_by, capsys, settings):
    settings.SITE_URL = ""

    call_command("serve", "--host", "0.0.0.0", "--port", "8123")

    words = capsys.readouterr().out.split()
    assert "http://127.0.0.1:8123/" in words
    assert "http://127.0.0.1:8123/admin/" in words
    assert "http://127.0.0.1:8123/feed/" in words


@pytest.mark.django_db
def test_a_site_with_an_address_of_its_own_is_announced_by_it(replaced_by, capsys, settings):
    settings.SITE_URL = "https://blog.example.org"

    call_command("serve")

    assert "https://blog.example.org/feed/" in capsys.readouterr().out


def test_a_taken_port_is_a_sentence(monkeypatch):
    monkeypatch.setattr(ports, "problem_with", lambda host, port: "That one is taken.")

    with pytest.raises(CommandError, match="That one is taken"):
        call_command("serve")


@pytest.mark.django_db
def test_a_database_that_lacks_migrations_is_not_served(replaced_by, monkeypatch):
    monkeypatch.setattr(serve, "pending_migrations", lambda: 2)

    with pytest.raises(CommandError, match="lacks 2 migrations"):
        call_command("serve")
    assert replaced_by == []


@pytest.mark.django_db
def test_a_database_that_would_not_notice_changes_is_not_served(replaced_by, monkeypatch):
    monkeypatch.setattr(serve, "lacking_triggers", lambda: ["posts_post_generation_1_update"])

    with pytest.raises(CommandError, match=r"posts_post_generation_1_update.*Run `manage.py migrate`"):
        call_command("serve")
    assert replaced_by == []


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_is_a_sentence(replaced_by, monkeypatch):
    def refuse() -> None:
        raise OSError(30, "Read-only file system", "/var/lib/blogsite/metrics/1-2.counts")

    monkeypatch.setattr(serve.metrics, "begin_anew", refuse)

    with pytest.raises(CommandError, match=r"DATA_DIR cannot be written.*Read-only"):
        call_command("serve")
