"""A wrong environment is told in one sentence; the right one is safe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCTION = {
    "SECRET_KEY": "a" * 20 + "$b-long-random-string-of-the-operator-0123456789",
    "ALLOWED_HOSTS": "blog.example.org, www.example.org",
    "SITE_URL": "https://blog.example.org",
    "EMAIL_URL": "smtp+tls://user:secret@mail.example.org:587",
}


def manage(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run manage.py with nothing but `environment`, and a data folder of its own."""
    clean = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment}
    return subprocess.run(
        [sys.executable, ROOT / "manage.py", *arguments], env=clean, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"ALLOWED_HOSTS": "example.org"}, "Set SECRET_KEY"),
        ({"SECRET_KEY": "x" * 60}, "Set ALLOWED_HOSTS"),
        ({**PRODUCTION, "SITE_URL": "example.org"}, "Set SITE_URL"),
        ({**PRODUCTION, "SITE_URL": "https://example.org/blog"}, "Set SITE_URL"),
        ({**PRODUCTION, "DATABASE_URL": "postgres://u:p@127.0.0.1:1/db"}, "DATABASE_URL"),
        ({**PRODUCTION, "DATABASE_URL": f"sqlite:///{ROOT}/README.md"}, "cannot reach its database"),
        ({**PRODUCTION, "DATA_DIR": "/dev/null/var"}, "Set DATA_DIR"),
        ({**PRODUCTION, "PAGE_FILES": "/dev/null/pages"}, "Set PAGE_FILES to a folder"),
        ({**PRODUCTION, "SITE_URL": "", "PAGE_FILES": "/dev/null/pages"}, "Set SITE_URL, the one address"),
        ({**PRODUCTION, "REPLICA_URLS": "postgres://u:p@127.0.0.1:1/db"}, "REPLICA_URLS are copies of a PostgreSQL"),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(environment, says, tmp_path):
    result = manage(tmp_path, "migrate", **environment)
    assert result.returncode == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_the_documented_production_settings_pass_every_check(tmp_path):
    result = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_demo_settings_do_not_pass_for_production(tmp_path):
    result = manage(tmp_path, "check", "--deploy", DEMO="true")
    assert "blogsite.W001" in result.stderr


def test_a_secret_that_begins_with_a_dollar_is_taken_as_it_is(tmp_path):
    show = "from django.conf import settings; print(settings.SECRET_KEY[:5], settings.ALLOWED_HOSTS)"
    result = manage(tmp_path, "shell", "-v0", "-c", show, **PRODUCTION | {"SECRET_KEY": "$abc" + "d" * 50})
    assert result.stdout.strip() == "$abcd ['blog.example.org', 'www.example.org']"
